// TargetDetailPane: why this target is down: phases, cause and fixes, certificate, raw response,
// last good scrape, last attempts. Old data stays until newer has come. Used from one thread at a
// time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/attempt_model.h"

#include <QVector>
#include <QWidget>

class QComboBox;
class QSplitter;
class QTabBar;
class QTableView;

namespace fleetglass::widgets {
class Chip;
class KeyButton;
class PhaseBar;
class PlainLabel;
class RawTextView;
class SearchField;
class SectionHead;
struct RawLine;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class TargetCertificate;
class TargetVerdict;

class TargetDetailPane : public QWidget
{
    Q_OBJECT

public:
    explicit TargetDetailPane(QWidget* parent = nullptr);

    // A null target: nothing is selected. A null detail: it is being asked for.
    void show(std::shared_ptr<const view::TargetView> target,
        std::shared_ptr<const view::TargetDetailView> detail, int64_t nowMs,
        const theme::Zone& zone);
    void setAnswer(const QString& text, bool ok); // Of a fix.
    // Of the target shown; `filter` as it was asked for.
    void setTrace(std::shared_ptr<const view::SampleTraceView> trace, const QString& filter);
    int tab() const;
    void setTab(int index);
    static constexpr int kTabs = 6;

signals:
    void scrapeRequested();
    void pauseRequested(bool paused);
    void fixRequested(const fleetglass::view::JobFix& fix);
    void caRequested(const QString& job);
    void editRequested(const QString& job);
    void traceRequested(const QString& filter); // Of the samples of the target shown.
    void noted(const QString& text);

private:
    enum Tab
    {
        Response,
        Request,
        Headers,
        Relabel,
        Samples,
        Config
    };

    QWidget* buildHead();
    QWidget* buildBody();
    QWidget* buildMiddle();
    QWidget* buildAttempts();
    void connectParts();
    void showHead();
    void showDetail();
    void showTab();
    void showTrace();
    void showLastGood();
    void fillBodies();
    const view::KeptBodyView* bodyOf(int64_t timeMs) const;
    void chooseBody();
    void showBadges();
    void showAttempts();
    void copy(const QString& text, const QString& note);
    void copyLine();

    std::shared_ptr<const view::TargetView> m_target;
    std::shared_ptr<const view::TargetDetailView> m_detail;
    std::shared_ptr<const view::TargetDetailView> m_shownDetail; // In the texts.
    uint64_t m_shownTarget = 0;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
    std::shared_ptr<const view::SampleTraceView> m_trace;
    QString m_traceFilter;
    int64_t m_olderMs = 0; // The pages that are compared; 0: the last two good ones.
    int64_t m_newerMs = 0;
    bool m_differenceOpen = false;
    bool m_differenceByUser = false;
    bool m_allAttempts = false;
    models::AttemptModel m_attempts;

    widgets::PlainLabel* m_name = nullptr;
    widgets::PlainLabel* m_job = nullptr;
    widgets::Chip* m_state = nullptr;
    widgets::Chip* m_notVerified = nullptr;
    widgets::Chip* m_certificateEnds = nullptr;
    widgets::Chip* m_honorLabels = nullptr;
    widgets::PlainLabel* m_facts = nullptr;
    widgets::KeyButton* m_copyText = nullptr;
    widgets::KeyButton* m_copyCurl = nullptr;
    widgets::KeyButton* m_edit = nullptr;
    widgets::KeyButton* m_pause = nullptr;
    widgets::KeyButton* m_scrape = nullptr;
    widgets::PhaseBar* m_phases = nullptr;
    TargetVerdict* m_verdict = nullptr;
    QSplitter* m_columns = nullptr;
    TargetCertificate* m_certificate = nullptr;
    QTabBar* m_tabs = nullptr;
    widgets::SearchField* m_find = nullptr;
    widgets::SectionHead* m_responseHead = nullptr;
    widgets::KeyButton* m_previousError = nullptr;
    widgets::KeyButton* m_nextError = nullptr;
    widgets::RawTextView* m_text = nullptr;
    widgets::SectionHead* m_goodHead = nullptr;
    widgets::PlainLabel* m_goodChanged = nullptr;
    QComboBox* m_older = nullptr;
    QComboBox* m_newer = nullptr;
    widgets::KeyButton* m_goodNext = nullptr;
    widgets::KeyButton* m_goodToggle = nullptr;
    widgets::RawTextView* m_goodText = nullptr;
    QSplitter* m_texts = nullptr;
    widgets::SectionHead* m_attemptHead = nullptr;
    widgets::PlainLabel* m_attemptSummary = nullptr;
    QTableView* m_attemptTable = nullptr;
    widgets::PlainLabel* m_firstFailure = nullptr;
    widgets::KeyButton* m_showAll = nullptr;
};

} // namespace fleetglass::pages
