// TargetVerdict: one sentence that says why a scrape fails and what helps, and the buttons that do
// it, mildest first. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/theme/time_text.h"

#include <QVector>
#include <QWidget>

namespace fleetglass::widgets {
class KeyButton;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

struct Verdict
{
    QString cause; // One sentence.
    QString hint;
    bool bad = true; // false: only a doubt, such as verification being off.
};
// Empty cause: nothing to say. `detail` may be null.
Verdict verdictOf(const view::TargetView& target, const view::TargetDetailView* detail,
    int64_t nowMs, const theme::Zone& zone);

class TargetVerdict : public QWidget
{
    Q_OBJECT

public:
    explicit TargetVerdict(QWidget* parent = nullptr);

    // `detail` may be null.
    void show(const view::TargetView& target, const view::TargetDetailView* detail, int64_t nowMs,
        const theme::Zone& zone);
    // What became of the last order; empty: nothing.
    void setAnswer(const QString& text, bool ok);
    QSize sizeHint() const override;

signals:
    void fixRequested(const fleetglass::view::JobFix& fix);
    void caRequested(const QString& job); // A file has to be chosen first.
    void lineCopyRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showFixes(const view::TargetView& target, const view::TargetDetailView* detail);

    std::string m_job;
    std::string m_sha256;
    widgets::PlainLabel* m_cause;
    widgets::PlainLabel* m_hint;
    widgets::KeyButton* m_setCa;
    widgets::KeyButton* m_trust;
    widgets::KeyButton* m_skip;
    widgets::KeyButton* m_verify;
    widgets::KeyButton* m_honor;
    widgets::KeyButton* m_https;
    widgets::KeyButton* m_copyLine;
};

} // namespace fleetglass::pages
