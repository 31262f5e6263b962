#include "ui/pages/target_detail_pane.h"

#include "ui/models/target_filter.h"
#include "ui/pages/target_certificate.h"
#include "ui/pages/target_texts.h"
#include "ui/pages/target_verdict.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/search_field.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QSplitter>
#include <QTabBar>
#include <QTableView>

namespace fleetglass::pages {

namespace {

constexpr int kAttemptsShown = 20;
constexpr int kAttemptsAll = 120;

void setText(widgets::RawTextView& view, QVector<widgets::RawLine> lines)
{
    view.setLines(std::move(lines));
    view.goToMark(true);
}

} // namespace

void TargetDetailPane::connectParts()
{
    connect(m_copyText, &QAbstractButton::clicked, this, [this] {
        if (m_target)
            copy(storyOf(*m_target, m_detail.get(), m_nowMs, m_zone), tr("copied as text"));
    });
    connect(m_copyCurl, &QAbstractButton::clicked, this, [this] {
        if (m_detail)
            copy(QString::fromStdString(m_detail->curl),
                tr("copied as curl; put secrets in place of their marks"));
    });
    connect(m_edit, &QAbstractButton::clicked, this, [this] {
        if (m_target)
            emit editRequested(QString::fromStdString(m_target->job));
    });
    connect(m_pause, &QAbstractButton::clicked, this, [this] {
        if (m_target)
            emit pauseRequested(!m_target->paused);
    });
    connect(m_scrape, &QAbstractButton::clicked, this, &TargetDetailPane::scrapeRequested);
    connect(m_verdict, &TargetVerdict::fixRequested, this, &TargetDetailPane::fixRequested);
    connect(m_verdict, &TargetVerdict::caRequested, this, &TargetDetailPane::caRequested);
    connect(m_verdict, &TargetVerdict::lineCopyRequested, this, &TargetDetailPane::copyLine);
    connect(m_certificate, &TargetCertificate::copyRequested, this,
        [this](const QString& pem) { copy(pem, tr("certificate copied")); });
    connect(m_tabs, &QTabBar::currentChanged, this, &TargetDetailPane::showTab);
    const auto find = [this] {
        if (m_tabs->currentIndex() == Samples)
            emit traceRequested(m_find->text());
        else
            m_text->findText(m_find->text(), true);
    };
    connect(m_find, &widgets::SearchField::filterChanged, this, find);
    connect(m_find, &QLineEdit::returnPressed, this, find);
    for (QComboBox* box : { m_older, m_newer })
        connect(box, &QComboBox::activated, this, &TargetDetailPane::chooseBody);
    connect(m_nextError, &QAbstractButton::clicked, this, [this] { m_text->goToMark(true); });
    connect(m_previousError, &QAbstractButton::clicked, this, [this] { m_text->goToMark(false); });
    connect(m_goodNext, &QAbstractButton::clicked, this, [this] { m_goodText->goToMark(true); });
    connect(m_goodToggle, &QAbstractButton::clicked, this, [this] {
        m_differenceOpen = !m_differenceOpen;
        m_differenceByUser = true;
        showLastGood();
    });
    connect(m_showAll, &QAbstractButton::clicked, this, [this] {
        m_allAttempts = !m_allAttempts;
        showAttempts();
    });
}

int TargetDetailPane::tab() const
{
    return m_tabs->currentIndex();
}

void TargetDetailPane::setTab(int index)
{
    m_tabs->setCurrentIndex(index);
}

void TargetDetailPane::show(std::shared_ptr<const view::TargetView> target,
    std::shared_ptr<const view::TargetDetailView> detail, int64_t nowMs, const theme::Zone& zone)
{
    m_target = std::move(target);
    m_detail = std::move(detail);
    m_nowMs = nowMs;
    m_zone = zone;
    showHead();
    showAttempts();
    if (!m_target) {
        m_verdict->hide();
        m_phases->setPhases({}, 0, 0);
    } else {
        m_verdict->show(*m_target, m_detail.get(), nowMs, zone);
        m_phases->setPhases(m_detail ? m_detail->phases : std::vector<view::PhaseView> {},
            m_detail ? m_detail->totalMs : 0, m_target->timeoutMs);
    }
    const uint64_t id = m_target ? m_target->id : 0;
    // Texts keep their place and selection until there is something new to read.
    if (id == m_shownTarget && m_detail == m_shownDetail)
        return;
    if (id != m_shownTarget) {
        m_trace.reset();
        m_olderMs = m_newerMs = 0;
    }
    m_shownTarget = id;
    m_shownDetail = m_detail;
    showDetail();
}

void TargetDetailPane::showHead()
{
    const bool any = m_target != nullptr;
    for (QWidget* part : std::initializer_list<QWidget*> { m_job, m_state, m_notVerified,
             m_certificateEnds, m_honorLabels, m_copyText, m_copyCurl, m_edit, m_pause, m_scrape })
        part->setVisible(any);
    m_name->setText(any ? theme::shown(m_target->instance) : tr("No target is selected"));
    if (!any)
        return m_facts->setText(QString());
    const view::TargetView& target = *m_target;
    const bool down = target.health == view::Health::Down;
    const QString age
        = theme::formatDurationMs(static_cast<double>(m_nowMs - target.healthSinceMs));
    m_job->setText(theme::shown(target.job));
    showBadges();
    m_state->setLook(down                       ? theme::State::Critical
            : target.health == view::Health::Up ? theme::State::Ok
                                                : theme::State::Unknown,
        down ? widgets::ChipFill::Solid : widgets::ChipFill::Tint);
    m_state->setText(down                       ? tr("DOWN %1").arg(age)
            : target.health == view::Health::Up ? tr("up %1").arg(age)
                                                : tr("unknown"));
    m_state->setAccessibleName(m_state->text());
    m_state->updateGeometry();
    QStringList facts;
    if (target.failuresInARow > 0)
        facts += target.failuresInARow == 1
            ? tr("1 failed scrape")
            : tr("%1 failed scrapes").arg(theme::formatCount(target.failuresInARow));
    if (target.paused)
        facts += tr("paused");
    else if (target.nextScrapeMs > m_nowMs)
        facts += tr("next try in %1").arg(theme::formatAgeMs(target.nextScrapeMs - m_nowMs));
    m_facts->setText(facts.join(QStringLiteral(", ")));
    m_pause->setText(target.paused ? tr("Resume target") : tr("Pause target"));
    m_pause->updateGeometry();
    m_copyCurl->setEnabled(m_detail != nullptr && !m_detail->curl.empty());
}

void TargetDetailPane::showBadges()
{
    const view::TargetView& target = *m_target;
    const int64_t leftMs = target.certificateNotAfterMs - m_nowMs;
    m_notVerified->setVisible(target.insecureSkipVerify && target.url.starts_with("https:"));
    m_certificateEnds->setVisible(
        target.certificateNotAfterMs > 0 && leftMs < view::kCertificateWarningMs);
    m_certificateEnds->setText(leftMs < 0
            ? tr("certificate ended %1 ago").arg(theme::formatAgeMs(-leftMs))
            : tr("certificate ends in %1").arg(theme::formatAgeMs(leftMs)));
    m_certificateEnds->setAccessibleName(m_certificateEnds->text());
    m_certificateEnds->updateGeometry();
    m_honorLabels->setVisible(target.honorLabels);
}

void TargetDetailPane::showDetail()
{
    m_certificate->show(
        m_detail, m_target && m_target->url.rfind("https", 0) == 0, m_nowMs, m_zone);
    m_tabs->setTabText(Config,
        m_detail && m_detail->configLine > 0 ? tr("Config line %1").arg(m_detail->configLine)
                                             : tr("Config"));
    if (!m_differenceByUser)
        m_differenceOpen
            = m_detail && !showsBody(*m_detail) && !m_detail->lastGoodBody.text.empty();
    showTab();
    showLastGood();
}

void TargetDetailPane::showTab()
{
    const int tab = m_tabs->currentIndex();
    m_find->setPlaceholderText(tab == Samples ? tr("Find series") : tr("Find in text"));
    const bool isBody = tab == Response && m_detail && showsBody(*m_detail);
    m_responseHead->setVisible(isBody);
    if (!m_detail || !m_target)
        return m_text->setLines({});
    if (isBody) {
        const bool bad = m_detail->body.errorLine > 0;
        QVector<widgets::RawLine> lines = responseLines(*m_target, *m_detail);
        const auto count = std::count_if(
            lines.begin(), lines.end(), [](const auto& one) { return one.number > 0; });
        m_responseHead->setTitle(tr("Body, %1, %2 lines")
                                     .arg(theme::formatBytes(m_detail->body.bytes),
                                         theme::formatCount(static_cast<int64_t>(count))));
        m_responseHead->setDetail(
            bad ? tr("1 bad line, nothing from this scrape was stored") : QString());
        m_previousError->setVisible(bad);
        m_nextError->setVisible(bad);
        return setText(*m_text, std::move(lines));
    }
    switch (tab) {
    case Response:
        return setText(*m_text, responseLines(*m_target, *m_detail));
    case Request:
        return setText(*m_text, requestLines(*m_target, *m_detail));
    case Headers:
        return setText(*m_text, headerLines(*m_detail));
    case Relabel:
        return m_text->setLines(relabelLines(*m_detail));
    case Samples:
        showTrace();
        emit traceRequested(m_find->text());
        return;
    default:
        return setText(*m_text, configLines(*m_detail));
    }
}

// The old answer stays until the new one has come.
void TargetDetailPane::showTrace()
{
    if (m_trace)
        m_text->setLines(sampleTraceLines(*m_trace, m_traceFilter, m_nowMs, m_zone));
    else
        m_text->setLines({});
}

void TargetDetailPane::setTrace(
    std::shared_ptr<const view::SampleTraceView> trace, const QString& filter)
{
    m_trace = std::move(trace);
    m_traceFilter = filter;
    if (m_tabs->currentIndex() == Samples)
        showTrace();
}

const view::KeptBodyView* TargetDetailPane::bodyOf(int64_t timeMs) const
{
    for (const view::KeptBodyView& body : m_detail->bodies) {
        if (body.timeMs == timeMs)
            return &body;
    }
    return nullptr;
}

// The last good page and the one before it, unless others were chosen and are still kept.
void TargetDetailPane::fillBodies()
{
    if (bodyOf(m_newerMs) == nullptr || bodyOf(m_olderMs) == nullptr)
        m_newerMs = m_olderMs = 0;
    const int64_t newer = m_newerMs != 0 ? m_newerMs : m_detail->lastGoodBody.timeMs;
    const int64_t older = m_newerMs != 0 ? m_olderMs : m_detail->previousGoodBody.timeMs;
    for (QComboBox* box : { m_older, m_newer }) {
        box->clear();
        for (auto body = m_detail->bodies.rbegin(); body != m_detail->bodies.rend(); ++body)
            box->addItem(body->ok
                    ? theme::momentText(body->timeMs, m_nowMs, m_zone)
                    : tr("%1, failed").arg(theme::momentText(body->timeMs, m_nowMs, m_zone)),
                QVariant::fromValue<qint64>(body->timeMs));
        const int place
            = box->findData(QVariant::fromValue<qint64>(box == m_older ? older : newer));
        box->setCurrentIndex(place);
        box->setVisible(m_differenceOpen && m_detail->bodies.size() > 1);
    }
}

void TargetDetailPane::chooseBody()
{
    m_olderMs = m_older->currentData().toLongLong();
    m_newerMs = m_newer->currentData().toLongLong();
    showLastGood();
}

void TargetDetailPane::showLastGood()
{
    const bool any = m_detail && !m_detail->lastGoodBody.text.empty();
    QWidget* part = m_goodHead->parentWidget();
    part->setVisible(any && m_tabs->currentIndex() >= 0);
    if (!any)
        return;
    fillBodies();
    const view::BodyView& body = m_detail->lastGoodBody;
    m_goodHead->setTitle(
        tr("Last good scrape %1").arg(theme::momentText(body.timeMs, m_nowMs, m_zone)));
    m_goodHead->setDetail(theme::formatBytes(body.bytes));
    const view::KeptBodyView* older = bodyOf(m_older->currentData().toLongLong());
    const view::KeptBodyView* newer = bodyOf(m_newer->currentData().toLongLong());
    QVector<widgets::RawLine> lines = differenceLines(older, newer);
    const int changed = widgets::changedCount(lines);
    const bool chosen = m_newerMs != 0;
    m_goodChanged->setText(older == nullptr || newer == nullptr ? tr("the only one so far")
            : changed == 0 && !chosen                           ? tr("same as the one before")
            : changed == 0                                      ? tr("the same")
            : chosen                                            ? tr("%1 lines differ").arg(changed)
            : changed == 1 ? tr("1 line changed since the one before")
                           : tr("%1 lines changed since the one before").arg(changed));
    m_goodNext->setVisible(m_differenceOpen && changed > 0);
    m_goodToggle->setText(m_differenceOpen ? tr("Hide") : tr("Show difference"));
    m_goodToggle->updateGeometry();
    m_goodText->setVisible(m_differenceOpen);
    part->setMaximumHeight(m_differenceOpen ? QWIDGETSIZE_MAX : m_goodHead->sizeHint().height());
    if (m_differenceOpen)
        setText(*m_goodText, std::move(lines));
}

void TargetDetailPane::showAttempts()
{
    m_attempts.setZone(m_zone);
    const auto attempts = m_target ? m_target->attemptsRecent : nullptr;
    m_attempts.setAttempts(attempts, m_allAttempts ? kAttemptsAll : kAttemptsShown);
    m_attemptSummary->setText(m_attempts.summary());
    m_attemptHead->setTitle(tr("Last %1 attempts").arg(std::max(m_attempts.rowCount(), 1)));
    m_firstFailure->setText(m_target && m_target->health == view::Health::Down
            ? tr("first failure %1")
                  .arg(theme::momentText(m_target->healthSinceMs, m_nowMs, m_zone))
            : QString());
    const auto total = attempts ? static_cast<int>(attempts->size()) : 0;
    m_showAll->setVisible(total > kAttemptsShown);
    m_showAll->setText(m_allAttempts ? tr("Show 20") : tr("Show all %1").arg(total));
    m_showAll->updateGeometry();
}

void TargetDetailPane::setAnswer(const QString& text, bool ok)
{
    m_verdict->setAnswer(text, ok);
}

void TargetDetailPane::copy(const QString& text, const QString& note)
{
    if (text.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(text);
    emit noted(note);
}

void TargetDetailPane::copyLine()
{
    if (!m_target || !m_detail)
        return;
    for (const widgets::RawLine& line : responseLines(*m_target, *m_detail)) {
        if (line.number == m_detail->body.errorLine)
            return copy(QString::fromStdString(m_target->error) + QLatin1Char('\n') + line.text
                    + QLatin1Char('\n'),
                tr("line and error copied"));
    }
}

} // namespace fleetglass::pages
