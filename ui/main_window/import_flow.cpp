#include "ui/main_window/import_flow.h"

#include "ui/pages/first_run_page.h"
#include "ui/theme/plain_text.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMimeData>
#include <QPointer>
#include <QUrl>

namespace fleetglass::main_window {

namespace {

constexpr qsizetype kFilesMax = 100;

QString summaryText(const view::ImportSummary& summary)
{
    QStringList parts;
    parts.append(ImportFlow::tr("%1 jobs").arg(summary.jobs));
    parts.append(ImportFlow::tr("%1 targets").arg(summary.targets));
    if (summary.rules > 0)
        parts.append(ImportFlow::tr("%1 rules").arg(summary.rules));
    QString text = parts.join(QStringLiteral(", "));
    if (!summary.skipped.empty())
        text += ImportFlow::tr("; %1 parts kept, not run yet").arg(summary.skipped.size());
    return text;
}

} // namespace

ImportFlow::ImportFlow(view::FleetPort& port, pages::FirstRunPage& page, QWidget& window)
    : QObject(&window)
    , m_port(port)
    , m_page(page)
    , m_window(window)
{
    connect(&page, &pages::FirstRunPage::importRequested, this, &ImportFlow::takeText);
    connect(&page, &pages::FirstRunPage::fileRequested, this,
        [this](const QString& path) { takeFiles({ path }); });
    connect(&page, &pages::FirstRunPage::openRequested, this, &ImportFlow::askForFile);
}

void ImportFlow::takeText(const QString& text)
{
    const QPointer<ImportFlow> self(this);
    m_port.importText(text.toStdString(), tr("pasted text").toStdString(), true,
        [self](const view::ImportSummary& summary) {
            if (self)
                self->finish(summary);
        });
}

void ImportFlow::takeFiles(const QStringList& paths)
{
    const QPointer<ImportFlow> self(this);
    for (const QString& path : paths.mid(0, kFilesMax)) {
        if (path.endsWith(QLatin1String(".fgsnap"))) {
            emit archiveChosen(path);
            continue;
        }
        m_port.importFile(QFile::encodeName(path).toStdString(), true,
            [self](const view::ImportSummary& summary) {
                if (self)
                    self->finish(summary);
            });
    }
}

void ImportFlow::finish(const view::ImportSummary& summary)
{
    m_page.showResult(summary);
    if (!summary.ok) {
        emit refused(theme::shown(std::string_view(summary.error)));
        return;
    }
    if (summary.placeholders.empty())
        m_page.setText({});
    emit imported(summaryText(summary));
}

void ImportFlow::askForFile()
{
    auto* dialog = new QFileDialog(&m_window, tr("Open"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({ tr("Configuration, rules, snapshots (*.yml *.yaml *.json *.fgsnap)"),
        tr("All files (*)") });
    connect(dialog, &QFileDialog::filesSelected, this, &ImportFlow::takeFiles);
    dialog->open();
}

void ImportFlow::offerSystemConfig(const QString& path)
{
    const QFileInfo file(path);
    m_page.offerSystemConfig({}, {});
    if (!file.isFile() || !file.isReadable())
        return;
    const QString changed = QLocale().toString(file.lastModified(), QStringLiteral("d MMM"));
    const QPointer<pages::FirstRunPage> page(&m_page);
    m_port.importFile(QFile::encodeName(path).toStdString(), false,
        [page, path, changed](const view::ImportSummary& summary) {
            if (page && summary.ok)
                page->offerSystemConfig(
                    path, tr("readable, %1, changed %2").arg(summaryText(summary), changed));
        });
}

bool ImportFlow::canTake(const QMimeData& data)
{
    if (data.hasText() && !data.hasUrls())
        return true;
    const QList<QUrl> urls = data.urls();
    return std::any_of(urls.begin(), urls.end(), [](const QUrl& url) {
        return url.isLocalFile() || url.scheme().startsWith(QLatin1String("http"));
    });
}

void ImportFlow::takeDrop(const QMimeData& data)
{
    if (!data.hasUrls())
        return takeText(data.text());
    QStringList files;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile())
            files.append(url.toLocalFile());
        else
            takeText(url.toString(QUrl::FullyEncoded));
    }
    takeFiles(files);
}

} // namespace fleetglass::main_window
