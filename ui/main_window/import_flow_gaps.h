// ImportGaps: what a document leaves open is asked for, one value after the other, before it is
// taken. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"

#include <QDialog>
#include <vector>

class QAbstractButton;
class QFormLayout;
class QLineEdit;

namespace fleetglass::main_window {

class ImportGaps : public QDialog
{
    Q_OBJECT

public:
    // `name`: of the file or text. The summary is that of a preview.
    ImportGaps(const QString& name, const view::ImportSummary& summary, QWidget* parent);
    ~ImportGaps() override;

    std::vector<view::GapAnswer> answers() const;

private:
    void addGap(QFormLayout& form, const view::GapView& gap);
    void follow();

    struct Field
    {
        view::GapView gap;
        QLineEdit* line = nullptr;
        std::string pem; // Of a certificate that was read from a file.
    };
    std::vector<Field> m_fields;
    QAbstractButton* m_take = nullptr;
};

} // namespace fleetglass::main_window
