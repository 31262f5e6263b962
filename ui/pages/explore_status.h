// ExploreStatus: the row below the editor: valid, incomplete or wrong with place and cause; what
// the query cost; history and Run. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/widgets/query_check.h"
#include "ui/widgets/text_runs.h"

#include <QWidget>

namespace fleetglass::widgets {
class KeyButton;
}

namespace fleetglass::pages {

class ExploreStatus : public QWidget
{
    Q_OBJECT

public:
    explicit ExploreStatus(QWidget* parent = nullptr);

    // `answer` may be null; it is told of only while it belongs to the text.
    void show(const widgets::QueryCheck& check, const view::QueryAnswer* answer, bool running);
    QString text() const { return widgets::plainText(m_runs); }

signals:
    void runRequested();
    void formatRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    widgets::TextRuns m_runs;
    widgets::KeyButton* m_format;
    widgets::KeyButton* m_run;
};

} // namespace fleetglass::pages
