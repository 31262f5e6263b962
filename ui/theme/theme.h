// Theme: the user's choice of light, dark or system, and the palette that follows from it, switched
// live. Used from one thread at a time (the UI thread). Nothing here waits: the desktop portal is
// asked asynchronously.
#pragma once

#include "ui/theme/tokens.h"

#include <QObject>
#include <optional>

class QDBusVariant;

namespace fleetglass::theme {

enum class ThemeChoice
{
    System,
    Light,
    Dark
};

// What the desktop wants, as far as it says so. Told apart from Theme so that tests can be the
// desktop.
class SystemScheme : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    virtual std::optional<Scheme> scheme() const = 0;

signals:
    void schemeChanged();
};

// org.freedesktop.portal.Settings, org.freedesktop.appearance color-scheme; follows its changes.
// Without a session bus it says nothing, now and later.
class PortalScheme : public SystemScheme
{
    Q_OBJECT

public:
    explicit PortalScheme(QObject* parent = nullptr);
    std::optional<Scheme> scheme() const override { return m_scheme; }

private slots:
    void followSetting(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void ask();
    void take(const QVariant& value);

    std::optional<Scheme> m_scheme;
};

class Theme : public QObject
{
    Q_OBJECT

public:
    // `system` must outlive the theme. Takes the window's lightness before it changes anything as
    // the answer for a desktop that says nothing.
    explicit Theme(SystemScheme& system, QObject* parent = nullptr);

    ThemeChoice choice() const { return m_choice; }
    Scheme scheme() const { return m_scheme; }
    const Tokens& colors() const { return tokens(m_scheme); }

    void setChoice(ThemeChoice choice);
    // 1 is the size of the specification; kept between 0.5 and 3.
    double textZoom() const { return m_textZoom; }
    void setTextZoom(double zoom);

    // Style, font and palette of the application.
    void apply();

signals:
    void themeChanged(fleetglass::theme::Scheme scheme);

private:
    void update();

    SystemScheme& m_system;
    Scheme m_fallback;
    ThemeChoice m_choice = ThemeChoice::System;
    Scheme m_scheme = Scheme::Light;
    double m_textZoom = 1.0;
};

} // namespace fleetglass::theme
