#include "ui/pages/target_verdict.h"

#include "ui/models/target_filter.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <cstdlib>

namespace fleetglass::pages {

namespace {

using widgets::KeyButton;
using widgets::PlainLabel;

constexpr int kHeight = 44;

QString tr(const char* text)
{
    return QCoreApplication::translate("TargetVerdict", text);
}

// "unescaped quote" of "line 14, column 43: unescaped quote".
QString withoutPlace(const QString& error)
{
    const auto colon = error.indexOf(QStringLiteral(": "));
    return error.startsWith(QStringLiteral("line ")) && colon > 0 ? error.mid(colon + 2) : error;
}

QString sentence(QString text)
{
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    if (!text.endsWith(QLatin1Char('.')) && !text.endsWith(QLatin1Char('?')))
        text += QLatin1Char('.');
    return text;
}

QString causeOf(const view::TargetView& target, const view::TargetDetailView* detail, int64_t nowMs,
    const theme::Zone& zone)
{
    const bool tls = target.phase == view::Phase::Tls;
    if (detail != nullptr && tls && !detail->chain.empty()) {
        const view::CertificateView& leaf = detail->chain.front();
        const QString host = theme::shown(models::hostOf(target.instance));
        if (leaf.notAfterMs > 0 && leaf.notAfterMs < nowMs)
            return tr("The certificate of %1 expired at %2, %3 ago.")
                .arg(host, theme::momentText(leaf.notAfterMs, nowMs, zone),
                    theme::formatDurationMs(static_cast<double>(nowMs - leaf.notAfterMs)));
        if (leaf.notBeforeMs > nowMs)
            return tr("The certificate of %1 is not valid before %2.")
                .arg(host, theme::dateTimeText(leaf.notBeforeMs, zone));
    }
    if (detail != nullptr && detail->body.errorLine > 0)
        return tr("Line %1 of the answer is not valid: %2.")
            .arg(detail->body.errorLine)
            .arg(withoutPlace(theme::shown(target.error)));
    return sentence(theme::shown(target.error));
}

} // namespace

Verdict verdictOf(const view::TargetView& target, const view::TargetDetailView* detail,
    int64_t nowMs, const theme::Zone& zone)
{
    if (target.health == view::Health::Down || !target.error.empty())
        return { causeOf(target, detail, nowMs, zone), sentence(theme::shown(target.hint)), true };
    if (target.insecureSkipVerify && target.url.rfind("https", 0) == 0)
        return { tr("The certificate of this target is not checked."),
            tr("Verification is off for job %1: whoever stands in between can read and change "
               "what it sends.")
                .arg(theme::shown(target.job)),
            false };
    const int64_t leftMs = target.certificateNotAfterMs - nowMs;
    if (target.certificateNotAfterMs > 0 && leftMs < view::kCertificateWarningMs) {
        const QString host = theme::shown(models::hostOf(target.instance));
        const QString when = theme::dateTimeText(target.certificateNotAfterMs, zone);
        const QString time = theme::formatDurationMs(static_cast<double>(std::abs(leftMs)));
        return { leftMs < 0 ? tr("The certificate of %1 ended %2, %3 ago.").arg(host, when, time)
                            : tr("The certificate of %1 ends %2, in %3.").arg(host, when, time),
            tr("Renew it on the server before the scrapes begin to fail."), false };
    }
    if (target.wantsHonorLabels)
        return { tr("This is a Pushgateway, and its job does not honour its labels."),
            tr("Its job and instance labels become exported_job and exported_instance."), false };
    if (!target.hint.empty())
        return { sentence(theme::shown(target.hint)), {}, false };
    return {};
}

TargetVerdict::TargetVerdict(QWidget* parent)
    : QWidget(parent)
    , m_cause(new PlainLabel({}, theme::Ink::Critical, theme::TextRole::Strong, this))
    , m_hint(new PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, this))
    , m_setCa(new KeyButton(tr("Set CA ..."), {}, this))
    , m_trust(new KeyButton({}, {}, this))
    , m_skip(new KeyButton({}, {}, this))
    , m_verify(new KeyButton({}, {}, this))
    , m_honor(new KeyButton(tr("Set honor_labels"), {}, this))
    , m_https(new KeyButton(tr("Ask over https"), {}, this))
    , m_copyLine(new KeyButton(tr("Copy line and error"), {}, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 0);
    layout->setSpacing(8);
    m_hint->setElided(true);
    m_cause->setElided(true);
    m_cause->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_cause, 0, Qt::AlignVCenter); // Its glyph stands beside the text.
    layout->addWidget(m_hint, 1);
    for (KeyButton* button : { m_setCa, m_trust, m_skip, m_verify, m_honor, m_https, m_copyLine })
        layout->addWidget(button);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    using Kind = view::JobFix::Kind;
    connect(m_setCa, &QAbstractButton::clicked, this,
        [this] { emit caRequested(QString::fromStdString(m_job)); });
    connect(m_trust, &QAbstractButton::clicked, this, [this] {
        emit fixRequested({ m_job, Kind::TrustCertificate, m_sha256 });
    });
    connect(m_skip, &QAbstractButton::clicked, this, [this] {
        emit fixRequested({ m_job, Kind::SkipVerification, {} });
    });
    connect(m_verify, &QAbstractButton::clicked, this, [this] {
        emit fixRequested({ m_job, Kind::VerifyAgain, {} });
    });
    connect(m_honor, &QAbstractButton::clicked, this, [this] {
        emit fixRequested({ m_job, Kind::HonorLabels, {} });
    });
    connect(m_https, &QAbstractButton::clicked, this, [this] {
        emit fixRequested({ m_job, Kind::UseHttps, {} });
    });
    connect(m_copyLine, &QAbstractButton::clicked, this, &TargetVerdict::lineCopyRequested);
}

void TargetVerdict::show(const view::TargetView& target, const view::TargetDetailView* detail,
    int64_t nowMs, const theme::Zone& zone)
{
    m_job = target.job;
    const Verdict verdict = verdictOf(target, detail, nowMs, zone);
    setVisible(!verdict.cause.isEmpty());
    if (verdict.cause.isEmpty())
        return;
    m_cause->setInk(verdict.bad ? theme::Ink::Critical : theme::Ink::Warning);
    m_cause->setGlyph(verdict.bad ? theme::Glyph::Critical : theme::Glyph::Warning);
    m_cause->setText(verdict.cause);
    m_hint->setInk(theme::Ink::Muted);
    m_hint->setText(verdict.hint);
    showFixes(target, detail);
}

void TargetVerdict::showFixes(const view::TargetView& target, const view::TargetDetailView* detail)
{
    const bool tls = target.phase == view::Phase::Tls && target.health == view::Health::Down;
    const bool trusted = detail != nullptr
        && QString::fromStdString(detail->trust).startsWith(QStringLiteral("trusted"));
    m_sha256 = detail != nullptr && !detail->chain.empty() ? detail->chain.front().sha256
                                                           : std::string();
    m_setCa->setVisible(tls);
    m_setCa->setEnabled(!trusted); // The chain is right already; another CA changes nothing.
    m_trust->setVisible(tls && !m_sha256.empty());
    const QString digits = QString::fromStdString(m_sha256).remove(QLatin1Char(':')).toLower();
    m_trust->setText(tr("Trust this certificate %1...").arg(theme::shown(digits.left(4))));
    m_skip->setVisible(tls && !target.insecureSkipVerify);
    m_skip->setText(tr("Skip verification for job %1").arg(theme::shown(target.job).left(40)));
    m_verify->setVisible(target.insecureSkipVerify && target.url.rfind("https", 0) == 0);
    m_verify->setText(tr("Verify job %1 again").arg(theme::shown(target.job).left(40)));
    m_honor->setVisible(target.wantsHonorLabels);
    m_https->setVisible(target.wantsHttps);
    m_copyLine->setVisible(detail != nullptr && detail->body.errorLine > 0);
    for (KeyButton* button : { m_setCa, m_trust, m_skip, m_verify, m_honor, m_https, m_copyLine })
        button->updateGeometry();
}

void TargetVerdict::setAnswer(const QString& text, bool ok)
{
    m_hint->setInk(ok ? theme::Ink::Ok : theme::Ink::Critical);
    m_hint->setText(text);
}

QSize TargetVerdict::sizeHint() const
{
    return { 800, theme::scaledHeight(kHeight) };
}

void TargetVerdict::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const theme::Tokens& tokens = theme::tokensOf(palette());
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace fleetglass::pages
