// fleetglass snapshot FILE --for 20s --output X...: watches for a while, then writes what the
// window would show and what it knows, without a display.
#include "app/arguments.h"
#include "app/verbs.h"
#include "app/window_session.h"
#include "core/base/number.h"
#include "core/monitor/export.h"
#include "core/snapshot/capsule_reader.h"
#include "ui/charts/chart_export.h"
#include "ui/theme/english_plurals.h"

#include <QApplication>
#include <QBuffer>
#include <QTemporaryDir>
#include <QTimer>
#include <iostream>

namespace fleetglass::app {

namespace {

const std::vector<FlagSpec> kFlags { { "for" }, { "output" }, { "page" }, { "theme" }, { "size" },
    { "rules" }, { "demo", false }, { "expr" } };

struct Order
{
    Words sources;
    Words outputs;
    Millis time { 20'000 };
    std::string page = "overview";
    theme::ThemeChoice theme = theme::ThemeChoice::Dark;
    QSize size { 1600, 1000 };
    std::string expression; // Asked in Explore; what CSV and JSON hold.
    bool demo = false;
};

bool isPicture(const std::string& path)
{
    const std::string ending = monitor::endingOf(path);
    return ending == "png" || ending == "svg" || ending == "pdf";
}

Result<QSize> parseSize(const std::string& text)
{
    const size_t cross = text.find('x');
    const auto width = parseInt(text.substr(0, cross));
    const auto height
        = cross == std::string::npos ? std::nullopt : parseInt(text.substr(cross + 1));
    if (!width || !height || *width < 320 || *height < 240 || *width > 8000 || *height > 8000)
        return failure("--size " + text + ": write it as 1600x1000, between 320x240 and 8000x8000");
    return QSize(static_cast<int>(*width), static_cast<int>(*height));
}

Result<Order> readOrder(const Arguments& arguments)
{
    Order order;
    order.sources = arguments.words();
    order.outputs = arguments.values("output");
    order.demo = arguments.has("demo");
    order.page = arguments.valueOr("page", order.page);
    order.expression = arguments.valueOr("expr", "");
    if (order.sources.empty() && !order.demo)
        return failure("snapshot needs a configuration file or --demo");
    if (order.outputs.empty())
        return failure("snapshot needs --output FILE; its ending chooses: .fgsnap .png .svg .pdf "
                       ".html .csv .json .om");
    const auto time = arguments.durationOr("for", order.time);
    if (!time)
        return failure(time.error());
    order.time = *time;
    const std::string theme = arguments.valueOr("theme", "dark");
    if (theme != "light" && theme != "dark")
        return failure("--theme " + theme + ": light or dark");
    order.theme = theme == "light" ? theme::ThemeChoice::Light : theme::ThemeChoice::Dark;
    const auto size = parseSize(arguments.valueOr("size", "1600x1000"));
    if (!size)
        return failure(size.error());
    order.size = *size;
    return order;
}

std::string pngOf(QWidget& window)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    charts::renderImage(window, 1).save(&buffer, "PNG");
    return bytes.toStdString();
}

int writeOutputs(const Order& order, WindowSession& session, const monitor::ExportSource& source)
{
    int exitCode = kExitGood;
    const std::string picture = pngOf(session.window());
    for (const auto& output : order.outputs) {
        if (isPicture(output)) {
            const auto written
                = charts::exportPicture(session.window(), QString::fromStdString(output), 1);
            if (!written)
                exitCode = badInput(written.error().message);
            else
                std::cout << output << '\n';
            continue;
        }
        view::ExportRequest request;
        request.file = output;
        request.expression = order.expression;
        request.thumbnailPng = picture;
        const auto summary = monitor::exportTo(request, source);
        if (!summary.ok)
            exitCode = badInput(summary.error);
        else
            std::cout << output << '\n';
    }
    return exitCode;
}

int runLive(
    const Order& order, const WindowSettings& settings, const Clock& clock, WatchSource watched)
{
    const auto secrets = monitor::secretsOf(watched.imported.config.jobs);
    const auto groups = watched.imported.ruleGroups;
    WindowSession session(settings, clock, std::move(watched));
    session.window().resize(order.size);
    session.window().show();
    QTimer::singleShot(static_cast<int>(order.time.count()), QCoreApplication::instance(),
        &QCoreApplication::quit);
    QApplication::exec();
    auto& monitor = session.live()->monitor;
    return writeOutputs(order, session,
        { monitor.store(), monitor.engine(), monitor.views().latest(), secrets, groups,
            "Fleetglass " FLEETGLASS_VERSION });
}

int runArchive(const Order& order, const WindowSettings& settings, const std::string& path)
{
    auto archive = monitor::Archive::open(path);
    if (!archive)
        return badInput(archive.error().message);
    const monitor::Archive& opened = **archive;
    WindowSession session(settings, std::move(*archive));
    session.window().resize(order.size);
    session.window().show();
    // Long enough for every chart to have its answer.
    QTimer::singleShot(2'000, QCoreApplication::instance(), &QCoreApplication::quit);
    QApplication::exec();
    return writeOutputs(order, session,
        { opened.store(), opened.engine(), opened.fleet(), {}, {},
            "Fleetglass " FLEETGLASS_VERSION });
}

} // namespace

int snapshotVerb(const Words& words, int& argc, char** argv)
{
    const auto arguments = Arguments::parse(words, kFlags);
    if (!arguments)
        return usageError(arguments.error().message);
    const auto order = readOrder(*arguments);
    if (!order)
        return usageError(order.error().message);
    const bool isArchive
        = order->sources.size() == 1 && snapshot::isCapsule(order->sources.front());
    const SystemClock clock;
    auto source = isArchive
        ? Result<WatchSource>(WatchSource())
        : openWatchSource(order->sources, arguments->values("rules"), order->demo, clock);
    if (!source)
        return badInput(source.error().message);

    // The picture is the same with and without a display.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("fleetglass"));
    const QTemporaryDir settingsFolder;
    QSettings settings(
        settingsFolder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    theme::EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    theme::PortalScheme portal;
    theme::Theme theme(portal);
    theme.setChoice(order->theme);
    theme.apply();
    QStringList queries;
    if (!order->expression.empty())
        queries.append(QString::fromStdString(order->expression));
    const WindowSettings window { theme, settings, true, QString::fromStdString(order->page),
        queries };
    return isArchive ? runArchive(*order, window, order->sources.front())
                     : runLive(*order, window, clock, std::move(*source));
}

} // namespace fleetglass::app
