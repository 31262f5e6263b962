// LabelChips: "job=etcha" "site=fra1" as small neutral boxes that wrap. Used from one thread at a
// time (the UI thread).
#pragma once

#include "core/labels/labels.h"

#include <QStringList>
#include <QWidget>

namespace fleetglass::widgets {

class LabelChips : public QWidget
{
    Q_OBJECT

public:
    explicit LabelChips(QWidget* parent = nullptr);
    void setLabels(const labels::Labels& labels);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return { 200, heightForWidth(std::max(width(), 200)) }; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QVector<QRect> boxes(int width) const;

    QStringList m_texts;
};

} // namespace fleetglass::widgets
