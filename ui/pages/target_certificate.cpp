#include "ui/pages/target_certificate.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/inspector_pane.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

namespace fleetglass::pages {

using widgets::KeyButton;
using widgets::KeyValueList;
using widgets::PlainLabel;
using widgets::TextRuns;

namespace {

constexpr int kKeyWidth = 92;
constexpr int64_t kDayMs = 86'400'000;
constexpr qsizetype kFingerprintLine = 30;

QString untilText(int64_t endMs, int64_t nowMs)
{
    const int64_t left = endMs - nowMs;
    if (left < 0)
        return TargetCertificate::tr("expired %1 ago").arg(theme::formatAgeMs(-left));
    return left >= kDayMs
        ? TargetCertificate::tr("%n days left", nullptr, static_cast<int>(left / kDayMs))
        : TargetCertificate::tr("%1 left").arg(theme::formatAgeMs(left));
}

} // namespace

// From the first to the last day, with now between; what is over is hatched.
class ValidityBar : public QWidget
{
public:
    explicit ValidityBar(QWidget* parent)
        : QWidget(parent)
    {
        setFixedHeight(theme::scaledHeight(46));
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    }

    void setTimes(int64_t beginMs, int64_t endMs, int64_t nowMs, const theme::Zone& zone)
    {
        m_beginMs = beginMs;
        m_endMs = endMs;
        m_nowMs = nowMs;
        m_zone = zone;
        setAccessibleName(untilText(endMs, nowMs));
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (m_endMs <= m_beginMs)
            return;
        const theme::Tokens& tokens = theme::tokensOf(palette());
        QPainter painter(this);
        // A certificate that is over leaves a twelfth of the bar to show by how long.
        const bool over = m_nowMs > m_endMs;
        const double full = width();
        const double endX = over ? full * 11 / 12 : full;
        const double share
            = static_cast<double>(m_nowMs - m_beginMs) / static_cast<double>(m_endMs - m_beginMs);
        const double nowX = over ? full * 23 / 24 : std::clamp(share, 0.0, 1.0) * full;
        const QRectF bar(0, 14, full, 8);
        painter.fillRect(bar, tokens.raised);
        painter.fillRect(QRectF(0, 14, std::min(nowX, endX), 8), tokens.control);
        if (over)
            painter.fillRect(QRectF(endX, 14, full - endX, 8),
                QBrush(tokens.of(theme::State::Critical).text, Qt::BDiagPattern));
        painter.setPen(QPen(tokens.crosshair, 1));
        painter.drawLine(QPointF(nowX, 8), QPointF(nowX, 28));
        if (over) {
            painter.setPen(tokens.of(theme::State::Critical).text);
            painter.drawLine(QPointF(endX, 8), QPointF(endX, 28));
        }
        painter.setFont(theme::font(theme::TextRole::Axis));
        painter.setPen(tokens.muted);
        const QRect words(0, 28, width(), height() - 28);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, monthOf(m_beginMs));
        const QString left = untilText(m_endMs, m_nowMs);
        if (over) {
            painter.setPen(tokens.of(theme::State::Critical).text);
            painter.drawText(words, Qt::AlignRight | Qt::AlignTop, left);
            return;
        }
        painter.drawText(words, Qt::AlignRight | Qt::AlignTop, monthOf(m_endMs));
        const int wide = painter.fontMetrics().horizontalAdvance(left);
        const int x
            = std::clamp(static_cast<int>(nowX) - wide / 2, 70, std::max(width() - wide - 70, 70));
        painter.drawText(QRect(x, 28, wide + 2, height() - 28), Qt::AlignTop, left);
    }

private:
    QString monthOf(int64_t ms) const
    {
        return QLocale().toString(
            QDateTime::fromMSecsSinceEpoch(ms, m_zone.timeZone()), QStringLiteral("MMM yyyy"));
    }

    int64_t m_beginMs = 0;
    int64_t m_endMs = 0;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
};

TargetCertificate::TargetCertificate(QWidget* parent)
    : QWidget(parent)
    , m_head(new widgets::SectionHead(tr("Presented certificate"), {}, this))
    , m_next(new KeyButton(tr("Next"), {}, m_head))
    , m_copy(new KeyButton(tr("Copy PEM"), {}, m_head))
    , m_facts(new KeyValueList(kKeyWidth, this))
    , m_bar(new ValidityBar(this))
    , m_more(new KeyValueList(kKeyWidth, this))
    , m_nothing(new PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 8);
    layout->setSpacing(6);
    for (KeyButton* link : { m_next, m_copy }) {
        link->setLink(true);
        m_head->addAtRight(link);
    }
    m_nothing->setWordWrap(true);
    layout->addWidget(m_head);
    layout->addWidget(m_nothing);
    layout->addWidget(m_facts);
    layout->addWidget(m_bar);
    layout->addWidget(m_more);
    layout->addStretch(1);
    connect(m_next, &QAbstractButton::clicked, this, [this] {
        m_link = m_detail ? (m_link + 1) % m_detail->chain.size() : 0;
        showLink();
    });
    connect(m_copy, &QAbstractButton::clicked, this, [this] {
        if (m_detail && m_link < m_detail->chain.size())
            emit copyRequested(QString::fromStdString(m_detail->chain[m_link].pem));
    });
}

void TargetCertificate::show(std::shared_ptr<const view::TargetDetailView> detail, bool usesTls,
    int64_t nowMs, const theme::Zone& zone)
{
    if (!detail || !m_detail || detail->id != m_detail->id || m_link >= detail->chain.size())
        m_link = 0;
    m_detail = std::move(detail);
    m_nowMs = nowMs;
    m_zone = zone;
    m_nothing->setText(!m_detail ? tr("Asking ...")
            : usesTls            ? tr("The connection did not get as far as a certificate.")
                                 : tr("Plain HTTP: no certificate, and anybody on the way can read "
                                                 "and change what is scraped."));
    showLink();
}

void TargetCertificate::showLink()
{
    const bool any = m_detail && !m_detail->chain.empty();
    m_nothing->setVisible(!any);
    for (QWidget* part : std::initializer_list<QWidget*> { m_facts, m_bar, m_more, m_copy })
        part->setVisible(any);
    m_next->setVisible(any && m_detail->chain.size() > 1);
    m_head->setDetail(any ? tr("%1 of %2").arg(m_link + 1).arg(m_detail->chain.size()) : QString());
    if (!any)
        return;
    using theme::Ink;
    const view::CertificateView& one = m_detail->chain[m_link];
    const bool isLeaf = m_link == 0;
    const auto good = [](const QString& text) {
        return widgets::TextRun { text, Ink::Ok, false, theme::Glyph::Ok };
    };
    const auto bad = [](const QString& text, bool bold = false) {
        return widgets::TextRun { text, Ink::Critical, bold, theme::Glyph::Critical };
    };
    QStringList names;
    for (const std::string& name : one.altNames)
        names += theme::shown(name);
    TextRuns alternatives { { names.mid(0, 6).join(QStringLiteral(", ")) } };
    if (isLeaf)
        alternatives.append(
            m_detail->hostMatches ? good(tr("host matches")) : bad(tr("host does not match")));
    const bool trusted
        = QString::fromStdString(m_detail->trust).startsWith(QStringLiteral("trusted"));
    const QString trust = theme::shown(m_detail->trust);
    const bool over = one.notAfterMs < m_nowMs;
    const bool early = one.notBeforeMs > m_nowMs;
    const QString from = theme::dateTimeText(one.notBeforeMs, m_zone);
    const QString until = theme::dateTimeText(one.notAfterMs, m_zone);
    m_facts->setRows({ { tr("subject"), { { theme::shown(one.subject) } } },
        { tr("alt. names"), alternatives }, { tr("issuer"), { { theme::shown(one.issuer) } } },
        { tr("chain"), { trusted ? good(trust) : bad(trust) } },
        { tr("valid from"), { early ? bad(from, true) : widgets::TextRun { from } } },
        { tr("valid until"), { over ? bad(until, true) : good(until) } } });
    m_bar->setTimes(one.notBeforeMs, one.notAfterMs, m_nowMs, m_zone);
    const QString print = theme::shown(one.sha256).toLower();
    QVector<KeyValueList::Row> rows { { tr("key"), { { theme::shown(one.key) } } },
        { tr("serial"), { { theme::shown(one.serial) } } } };
    for (qsizetype at = 0; at < print.size(); at += kFingerprintLine)
        rows.append(
            { at == 0 ? tr("SHA-256") : QString(), { { print.mid(at, kFingerprintLine) } } });
    rows.append({ tr("protocol"), { { theme::shown(m_detail->protocol) } } });
    m_more->setRows(rows);
}

} // namespace fleetglass::pages
