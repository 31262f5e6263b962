#include "ui/pages/shells_page_inspector.h"

#include "ui/charts/lane_content.h"
#include "ui/models/session_model.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::PlainLabel;
using Rows = QVector<widgets::KeyValueList::Row>;

constexpr qsizetype kOriginsMax = 8;
constexpr qsizetype kAlertsMax = 6;
constexpr int kOriginRowPx = 20;

PlainLabel* wrapped(const QString& text, Ink ink, QWidget* parent)
{
    auto* label = new PlainLabel(text, ink, TextRole::Body, parent);
    label->setWordWrap(true);
    return label;
}

bool isOnHost(const view::AlertView& alert, const view::SessionView& session)
{
    const std::string instance(alert.labels.get("instance"));
    return !instance.empty() && instance.substr(0, instance.rfind(':')) == session.host;
}

} // namespace

QVector<Origin> originsOf(const std::vector<view::SessionView>& sessions)
{
    QVector<Origin> origins;
    for (const view::SessionView& session : sessions) {
        const QString address = theme::shown(session.remoteAddress);
        const QString key = models::keyText(session);
        auto known = std::find_if(origins.begin(), origins.end(),
            [&](const Origin& origin) { return origin.address == address && origin.key == key; });
        if (known == origins.end())
            known = origins.insert(origins.end(), Origin { address, key });
        ++known->sessions;
        known->odd = known->odd || session.keyUnknown || session.addressNew;
    }
    std::stable_sort(origins.begin(), origins.end(),
        [](const Origin& a, const Origin& b) { return a.sessions > b.sessions; });
    return origins.mid(0, kOriginsMax);
}

OriginList::OriginList(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void OriginList::setOrigins(QVector<Origin> origins)
{
    m_origins = std::move(origins);
    QStringList spoken;
    for (const Origin& origin : m_origins)
        spoken += tr("%1 %2: %3").arg(origin.address, origin.key, QString::number(origin.sessions));
    setAccessibleName(spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize OriginList::sizeHint() const
{
    return { 200, theme::scaledHeight(kOriginRowPx) * static_cast<int>(m_origins.size()) };
}

void OriginList::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setFont(font());
    const int pitch = theme::scaledHeight(kOriginRowPx);
    const int addressPx = width() * 30 / 100;
    const int keyPx = width() * 30 / 100;
    const int barPx = width() - addressPx - keyPx - 52;
    const int most = m_origins.isEmpty() ? 1 : m_origins.first().sessions;
    int y = 0;
    const auto put = [&](int x, int room, const QString& text, const QColor& color, int align) {
        painter.setPen(color);
        painter.drawText(QRect(x, y, room, pitch), Qt::AlignVCenter | align,
            fontMetrics().elidedText(text, Qt::ElideRight, room));
    };
    for (const Origin& origin : m_origins) {
        put(0, addressPx - 6, origin.address, tokens.text, Qt::AlignLeft);
        put(addressPx, keyPx - 6, origin.key, tokens.muted, Qt::AlignLeft);
        const int length = std::max(3, barPx * origin.sessions / most);
        painter.fillRect(addressPx + keyPx, y + (pitch - 8) / 2, length, 8, tokens.control);
        if (origin.odd)
            theme::paintGlyph(painter, theme::Glyph::Warning,
                QRectF(width() - 46, y + (pitch - 14) / 2, 14, 14),
                tokens.of(theme::State::Warning).text);
        put(width() - 30, 30, QString::number(origin.sessions), tokens.text, Qt::AlignRight);
        y += pitch;
    }
}

ShellsInspector::ShellsInspector(QWidget* parent)
    : QWidget(parent)
    , m_head(new widgets::InspectorSection({}, this))
    , m_name(new PlainLabel({}, Ink::Text, TextRole::ChartTitle, m_head))
    , m_state(new widgets::Chip({}, theme::State::Shell, widgets::ChipFill::Solid, m_head))
    , m_facts(new widgets::InspectorSection({}, this))
    , m_factList(new widgets::KeyValueList(76, m_facts))
    , m_book(new widgets::KeyButton(tr("Edit address book ..."), {}, m_facts))
    , m_target(new widgets::KeyButton(tr("Open target"), {}, m_facts))
    , m_while(new widgets::InspectorSection(tr("While open"), this))
    , m_whileList(new widgets::KeyValueList(190, m_while))
    , m_origin(new widgets::InspectorSection(tr("Origin"), this))
    , m_originList(new OriginList(m_origin))
    , m_alerts(new widgets::InspectorSection(tr("Alerts on this host"), this))
    , m_alertList(new widgets::KeyValueList(0, m_alerts))
    , m_openAlert(new widgets::KeyButton(tr("Open alert"), {}, m_alerts))
    , m_note(new widgets::InspectorSection(tr("What the metric can say"), this))
    , m_nothing(wrapped({}, Ink::Muted, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_name->setElided(true);
    m_head->add(m_name);
    m_head->addRow({ m_state });
    m_state->setFocusPolicy(Qt::NoFocus);
    m_facts->add(m_factList);
    m_facts->addRow({ m_book, m_target });
    m_while->add(m_whileList);
    m_origin->add(wrapped(tr("Sessions by address, 24 h"), Ink::Muted, m_origin));
    m_origin->add(m_originList);
    m_alerts->add(m_alertList);
    m_alerts->addRow({ m_openAlert });
    m_note->add(wrapped(tr("etcha_sources_shells has no Unix user and no exit code. Two shells "
                           "with the same source, key and address are one series. A shell shorter "
                           "than the scrape interval can be missed."),
        Ink::Muted, m_note));
    m_nothing->setText(tr("Select a session for who, from where and what happened meanwhile."));
    m_nothing->setContentsMargins(12, 12, 12, 12);
    for (QWidget* part : std::initializer_list<QWidget*> {
             m_nothing, m_head, m_facts, m_while, m_origin, m_alerts, m_note })
        layout->addWidget(part);
    // Wrapped text is as high as its width makes it, which a fixed height would cut.
    for (QWidget* part : std::initializer_list<QWidget*> { m_origin, m_note })
        part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    layout->addStretch(1);
    connect(m_book, &QAbstractButton::clicked, this, &ShellsInspector::addressBookRequested);
    connect(
        m_openAlert, &QAbstractButton::clicked, this, [this] { emit alertRequested(m_alertId); });
    connect(
        m_target, &QAbstractButton::clicked, this, [this] { emit targetRequested(m_instance); });
    show({});
}

void ShellsInspector::show(const Content& content)
{
    const bool any = content.session.has_value() && content.fleet != nullptr;
    for (QWidget* part : std::initializer_list<QWidget*> { m_head, m_facts, m_while, m_alerts })
        part->setVisible(any);
    m_nothing->setVisible(!any);
    const auto origins = content.fleet != nullptr && content.fleet->sessions
        ? originsOf(*content.fleet->sessions)
        : QVector<Origin> {};
    m_origin->setVisible(!origins.isEmpty());
    m_originList->setOrigins(origins);
    if (!any)
        return;
    const view::SessionView& session = *content.session;
    const bool open = models::isOpen(session);
    const bool unknown = session.state == view::SessionState::Unknown;
    m_name->setText(tr("%1, %2").arg(theme::shown(session.host), theme::shown(session.source)));
    const QString length = models::openForText(session, content.fleet->nowMs);
    const QString state = models::stateText(session, content.fleet->nowMs, content.zone);
    m_state->setText(open ? tr("live shell, %1").arg(length) : tr("%1, %2").arg(state, length));
    m_state->setAccessibleName(m_state->text());
    m_state->setLook(open ? std::optional(theme::State::Shell)
            : unknown     ? std::optional(theme::State::Unknown)
                          : std::nullopt,
        open ? widgets::ChipFill::Solid : widgets::ChipFill::Tint);
    m_instance = QString::fromStdString(session.instance);
    m_book->setEnabled(!content.fleet->status.archive && !session.publicKey.empty());
    showFacts(content);
    showCommands(content);
    showAlert(content);
}

void ShellsInspector::showFacts(const Content& content)
{
    const view::SessionView& session = *content.session;
    const int64_t now = content.fleet->nowMs;
    const auto moment = [&](int64_t ms) { return theme::momentText(ms, now, content.zone); };
    const auto between = [&](int64_t earliest, int64_t latest) {
        return earliest > 0 && earliest < latest
            ? tr("%1 to %2").arg(moment(earliest), theme::clockText(latest, content.zone))
            : earliest == 0 ? tr("before %1").arg(moment(latest))
                            : moment(latest);
    };
    Rows rows;
    rows.append({ tr("state"), { { models::stateText(session, now, content.zone) } } });
    rows.append(
        { tr("opened"), { { between(session.openedEarliestMs, session.openedLatestMs) } } });
    if (session.state == view::SessionState::Closed)
        rows.append(
            { tr("closed"), { { between(session.closedEarliestMs, session.closedLatestMs) } } });
    int times = 0;
    for (const view::SessionView& other : *content.fleet->sessions)
        times += other.remoteAddress == session.remoteAddress ? 1 : 0;
    rows.append({ tr("from"),
        { { theme::shown(session.remoteAddress) },
            { session.addressNew ? tr("new for this key")
                                 : tr("known, %n time(s) in 24 h", nullptr, times),
                session.addressNew ? Ink::Warning : Ink::Muted, false,
                session.addressNew ? std::optional(theme::Glyph::Warning) : std::nullopt } } });
    rows.append({ tr("key"), { { theme::shown(session.publicKey) } } });
    rows.append({ tr("name"),
        { session.keyOwner.empty()
                ? widgets::TextRun { tr("unknown key"), Ink::Warning, false, theme::Glyph::Warning }
                : widgets::TextRun { theme::shown(session.keyOwner) } } });
    if (!session.keyOwner.empty())
        rows.back().value.append({ tr("(address book)"), Ink::Muted });
    rows.append({ tr("source"), { { theme::shown(session.source) } } });
    rows.append({ tr("target"), { { theme::shown(session.instance) } } });
    m_factList->setRows(rows);
}

void ShellsInspector::showCommands(const Content& content)
{
    double checked = 0;
    double changed = 0;
    double failed = 0;
    for (const models::CommandCount& command :
        content.commands == nullptr ? std::vector<models::CommandCount> {} : *content.commands) {
        (command.isCheck() ? checked : changed) += command.count;
        failed += command.hasError() ? command.count : 0;
    }
    const auto count = [](double value) {
        return theme::formatCount(static_cast<int64_t>(std::llround(value)));
    };
    Rows rows;
    if (content.commands != nullptr) {
        rows.append({ tr("commands checked"), { { count(checked) } } });
        rows.append({ tr("commands changed"), { { count(changed) } } });
        rows.append({ tr("with error"),
            { { count(failed), failed > 0 ? Ink::Critical : Ink::Text, false,
                failed > 0 ? std::optional(theme::Glyph::Critical) : std::nullopt } } });
    } else if (content.session->commands >= 0)
        rows.append({ tr("commands run"), { { theme::formatCount(content.session->commands) } } });
    const models::SessionSpan span = models::spanOf(*content.session, content.fleet->nowMs);
    int started = 0;
    for (const view::AlertSpanView& alert : content.fleet->alertSpans
            ? *content.fleet->alertSpans
            : std::vector<view::AlertSpanView> {}) {
        const std::string instance(alert.labels.get("instance"));
        const bool here = instance.substr(0, instance.rfind(':')) == content.session->host;
        started += here && alert.state == view::AlertState::Firing && alert.startMs >= span.beginMs
                && alert.startMs <= span.endMs
            ? 1
            : 0;
    }
    rows.append({ tr("alerts started here"), { { QString::number(started) } } });
    m_whileList->setRows(rows);
}

void ShellsInspector::showAlert(const Content& content)
{
    Rows rows;
    m_alertId = 0;
    for (const auto& alert : content.fleet->alerts) {
        const bool active = alert->state != view::AlertState::Resolved;
        if (!active || !isOnHost(*alert, *content.session) || rows.size() >= kAlertsMax)
            continue;
        if (m_alertId == 0)
            m_alertId = alert->id;
        const theme::State state = charts::stateOf(alert->severity, alert->state);
        const bool firing = alert->state == view::AlertState::Firing;
        const int64_t since = firing && alert->firedMs > 0 ? alert->firedMs : alert->activeSinceMs;
        rows.append({ {},
            { { theme::shown(alert->name), Ink::Text, false, theme::glyphOf(state), 0, false,
                  theme::inkOf(state) },
                { (firing ? tr("firing %1") : tr("pending %1"))
                        .arg(theme::formatAgeMs(content.fleet->nowMs - since)),
                    Ink::Muted } } });
    }
    m_openAlert->setVisible(!rows.isEmpty());
    if (rows.isEmpty())
        rows.append({ {}, { { tr("none is active"), Ink::Muted } } });
    m_alertList->setRows(rows);
}

} // namespace fleetglass::pages
