// ThemeFixture: the application as it is shown in screenshots: style, fonts of the pictures where
// they are installed, one scheme. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/theme.h"

#include <QDir>
#include <QFontDatabase>
#include <QWidget>

namespace fleetglass::support {

// A desktop that says what the test wants.
class FakeSystemScheme : public theme::SystemScheme
{
public:
    std::optional<theme::Scheme> scheme() const override { return m_scheme; }
    void set(std::optional<theme::Scheme> scheme)
    {
        m_scheme = scheme;
        emit schemeChanged();
    }

private:
    std::optional<theme::Scheme> m_scheme = theme::Scheme::Light;
};

struct ThemeFixture
{
    FakeSystemScheme system;
    theme::Theme theme { system };

    ThemeFixture() { theme.apply(); }
};

// Saves what the widget looks like to $FLEETGLASS_BINARY_DIR/screens/NAME.png; false if it cannot.
inline bool saveScreen(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("FLEETGLASS_BINARY_DIR", QStringLiteral("."))
        + QStringLiteral("/screens");
    return QDir().mkpath(folder)
        && widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
}

} // namespace fleetglass::support
