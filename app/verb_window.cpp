// fleetglass [FILE|URL ...] [--demo] [--page NAME]: the window.
#include "app/arguments.h"
#include "app/verbs.h"
#include "app/window_session.h"
#include "core/snapshot/capsule_reader.h"
#include "ui/theme/english_plurals.h"

#include <QApplication>
#include <QDir>
#include <QMessageBox>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <csignal>
#include <iostream>
#include <sys/signalfd.h>
#include <unistd.h>

namespace fleetglass::app {

namespace {

// Ctrl+C and SIGTERM close the windows as the user would. Every thread leaves the signals to the
// descriptor, so they are blocked before the first one starts.
int blockedSignals()
{
    sigset_t wanted {};
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

void quitOn(int descriptor, QApplication& application)
{
    auto* notifier = new QSocketNotifier(descriptor, QSocketNotifier::Read, &application);
    QObject::connect(
        notifier, &QSocketNotifier::activated, &application, [] { QApplication::quit(); });
}

theme::ThemeChoice choiceOf(const std::string& word)
{
    return word == "light" ? theme::ThemeChoice::Light
        : word == "dark"   ? theme::ThemeChoice::Dark
                           : theme::ThemeChoice::System;
}

// The demo's samples are kept apart: they are made up.
std::string dataDirectoryFor(const Arguments& arguments)
{
    if (const auto given = arguments.value("data"))
        return *given;
    if (arguments.has("fresh"))
        return {};
    const auto base = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return base.toStdString() + "/fleetglass/" + (arguments.has("demo") ? "demo" : "data");
}

class Windows : public QObject
{
public:
    Windows(theme::Theme& theme, QSettings& settings, const Clock& clock, bool fresh, QString page)
        : m_settings { theme, settings, fresh, std::move(page), {}, {} }
        , m_clock(clock)
    {
    }

    // `dataDirectory` may be empty: then the samples stay in memory.
    void openLive(WatchSource source, const std::string& dataDirectory)
    {
        WindowSettings settings = m_settings;
        settings.dataDirectory = dataDirectory;
        add(std::make_unique<WindowSession>(settings, m_clock, std::move(source)));
    }

    Result<bool> openArchive(const std::string& path)
    {
        auto archive = monitor::Archive::open(path);
        if (!archive)
            return failure(archive.error());
        add(std::make_unique<WindowSession>(m_settings, std::move(*archive)));
        return true;
    }

private:
    void add(std::unique_ptr<WindowSession> session)
    {
        connect(session.get(), &WindowSession::archiveChosen, this, [this](const QString& path) {
            if (const auto opened = openArchive(path.toStdString()); !opened)
                QMetaObject::invokeMethod(
                    this, [text = QString::fromStdString(opened.error().message)] { tell(text); },
                    Qt::QueuedConnection);
        });
        session->window().show();
        m_sessions.push_back(std::move(session));
    }

    static void tell(const QString& text)
    {
        auto* box
            = new QMessageBox(QMessageBox::Warning, QObject::tr("Snapshot"), {}, QMessageBox::Ok);
        box->setTextFormat(Qt::PlainText);
        box->setText(text);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    }

    WindowSettings m_settings;
    const Clock& m_clock;
    std::vector<std::unique_ptr<WindowSession>> m_sessions;
};

} // namespace

int windowVerb(const Words& words, int& argc, char** argv)
{
    const auto arguments = Arguments::parse(words,
        { { "demo", false }, { "page" }, { "theme" }, { "fresh", false }, { "rules" },
            { "data" } });
    if (!arguments)
        return usageError(arguments.error().message);
    Words archives;
    Words sources;
    for (const auto& word : arguments->words())
        (snapshot::isCapsule(word) ? archives : sources).push_back(word);
    const int signalDescriptor = blockedSignals();
    const SystemClock clock;
    const bool demo = arguments->has("demo");
    auto source = openWatchSource(sources, arguments->values("rules"), demo, clock);
    if (!source)
        return badInput(source.error().message);

    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("fleetglass"));
    QApplication::setApplicationDisplayName(QStringLiteral("Fleetglass"));
    QApplication::setOrganizationName(QStringLiteral("fleetglass"));
    QApplication::setDesktopFileName(QStringLiteral("io.github.fleetglass.Fleetglass"));
    quitOn(signalDescriptor, application);
    QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));

    theme::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    theme::PortalScheme portal;
    theme::Theme theme(portal);
    theme.apply();
    QSettings settings;
    Windows windows(theme, settings, clock, arguments->has("fresh"),
        QString::fromStdString(arguments->valueOr("page", "")));
    for (const auto& path : archives) {
        if (const auto opened = windows.openArchive(path); !opened)
            return badInput(opened.error().message);
    }
    if (archives.empty() || demo || !sources.empty())
        windows.openLive(std::move(*source), dataDirectoryFor(*arguments));
    // After the windows, which come back in the theme they were left in.
    if (const auto choice = arguments->value("theme"))
        theme.setChoice(choiceOf(*choice));
    return QApplication::exec();
}

} // namespace fleetglass::app
