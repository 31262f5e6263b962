#include "ui/theme/theme.h"

#include "ui/theme/fonts.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <algorithm>

namespace fleetglass::theme {

namespace {

const QLatin1String kService("org.freedesktop.portal.Desktop");
const QLatin1String kPath("/org/freedesktop/portal/desktop");
const QLatin1String kInterface("org.freedesktop.portal.Settings");
const QLatin1String kSpace("org.freedesktop.appearance");
const QLatin1String kKey("color-scheme");

// Read() wraps its answer twice in some portals and once in others.
QVariant unwrapped(QVariant value)
{
    for (int depth = 0; depth < 3 && value.canConvert<QDBusVariant>(); ++depth)
        value = value.value<QDBusVariant>().variant();
    return value;
}

} // namespace

PortalScheme::PortalScheme(QObject* parent)
    : SystemScheme(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
        SLOT(followSetting(QString, QString, QDBusVariant)));
    ask();
}

void PortalScheme::ask()
{
    QDBusMessage call
        = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    call.setArguments({ QString(kSpace), QString(kKey) });
    auto* watcher
        = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, 2000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (!reply.isError())
            take(reply.value().variant());
    });
}

void PortalScheme::followSetting(
    const QString& space, const QString& key, const QDBusVariant& value)
{
    if (space == kSpace && key == kKey)
        take(value.variant());
}

void PortalScheme::take(const QVariant& value)
{
    // 0 no preference, 1 dark, 2 light (xdg-desktop-portal, Settings).
    std::optional<Scheme> scheme;
    switch (unwrapped(value).toUInt()) {
    case 1:
        scheme = Scheme::Dark;
        break;
    case 2:
        scheme = Scheme::Light;
        break;
    default:
        break;
    }
    if (scheme == m_scheme)
        return;
    m_scheme = scheme;
    emit schemeChanged();
}

Theme::Theme(SystemScheme& system, QObject* parent)
    : QObject(parent)
    , m_system(system)
    , m_fallback(schemeOf(QApplication::palette()))
{
    connect(&m_system, &SystemScheme::schemeChanged, this, &Theme::update);
}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    update();
}

void Theme::setTextZoom(double zoom)
{
    m_textZoom = std::clamp(zoom, 0.5, 3.0);
    applyApplicationFont(m_textZoom);
}

void Theme::apply()
{
    QApplication::setStyle(new Style);
    applyApplicationFont(m_textZoom);
    update();
    QApplication::setPalette(paletteOf(colors()));
}

void Theme::update()
{
    Scheme wanted = m_system.scheme().value_or(m_fallback);
    if (m_choice != ThemeChoice::System)
        wanted = m_choice == ThemeChoice::Dark ? Scheme::Dark : Scheme::Light;
    if (wanted == m_scheme)
        return;
    m_scheme = wanted;
    QApplication::setPalette(paletteOf(colors()));
    emit themeChanged(m_scheme);
}

} // namespace fleetglass::theme
