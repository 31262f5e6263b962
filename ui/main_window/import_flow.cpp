#include "ui/main_window/import_flow.h"

#include "ui/main_window/import_flow_gaps.h"
#include "ui/pages/first_run_page.h"
#include "ui/pages/target_preset.h"
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
    parts.append(
        summary.jobs == 1 ? ImportFlow::tr("1 job") : ImportFlow::tr("%1 jobs").arg(summary.jobs));
    parts.append(summary.targets == 1 ? ImportFlow::tr("1 target")
                                      : ImportFlow::tr("%1 targets").arg(summary.targets));
    if (summary.rules > 0)
        parts.append(summary.rules == 1 ? ImportFlow::tr("1 rule")
                                        : ImportFlow::tr("%1 rules").arg(summary.rules));
    QString text = parts.join(QStringLiteral(", "));
    if (!summary.insecureJobs.empty()) {
        QStringList jobs;
        for (const std::string& job : summary.insecureJobs)
            jobs.append(theme::shown(job));
        text += ImportFlow::tr("; certificates are NOT checked for %1")
                    .arg(jobs.join(QStringLiteral(", ")));
    }
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
    connect(&page, &pages::FirstRunPage::presetRequested, this, &ImportFlow::addKnown);
    offerPresets();
}

void ImportFlow::takeText(const QString& text)
{
    const QPointer<ImportFlow> self(this);
    const std::string given = text.toStdString();
    const std::string name = tr("pasted text").toStdString();
    m_port.importText(given, name, false, [self, given, name](const view::ImportSummary& preview) {
        if (!self)
            return;
        self->consider(
            preview, QString::fromStdString(name), { given, {}, {} }, [self, given, name] {
                self->m_port.importText(
                    given, name, true, [self](const view::ImportSummary& summary) {
                        if (self)
                            self->finish(summary);
                    });
            });
    });
}

void ImportFlow::takeFiles(const QStringList& paths)
{
    for (const QString& path : paths.mid(0, kFilesMax)) {
        if (path.endsWith(QLatin1String(".fgsnap")))
            emit archiveChosen(path);
        else
            takeFile(path);
    }
}

void ImportFlow::takeFile(const QString& path)
{
    const QPointer<ImportFlow> self(this);
    const std::string file = QFile::encodeName(path).toStdString();
    m_port.importFile(file, false, [self, path, file](const view::ImportSummary& preview) {
        if (!self)
            return;
        self->consider(preview, QFileInfo(path).fileName(), { {}, file, {} }, [self, file] {
            self->m_port.importFile(file, true, [self](const view::ImportSummary& summary) {
                if (self)
                    self->finish(summary);
            });
        });
    });
}

void ImportFlow::consider(const view::ImportSummary& preview, const QString& name,
    const view::FilledImport& import, const std::function<void()>& take)
{
    if (!preview.ok)
        return finish(preview);
    if (preview.gaps.empty())
        return take();
    m_page.showResult(preview);
    auto* dialog = new ImportGaps(theme::shown(name), preview, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, import] {
        view::FilledImport filled = import;
        filled.answers = dialog->answers();
        const QPointer<ImportFlow> self(this);
        m_port.importFilled(filled, [self](const view::ImportSummary& summary) {
            if (self)
                self->finish(summary);
        });
    });
    dialog->open();
}

void ImportFlow::finish(const view::ImportSummary& summary)
{
    m_page.showResult(summary);
    if (!summary.ok) {
        emit refused(theme::shown(std::string_view(summary.error)));
        return;
    }
    m_page.setText({});
    emit imported(summaryText(summary));
    QString what = summaryText(summary);
    if (!summary.notes.empty())
        what += QStringLiteral(". ") + theme::shown(std::string_view(summary.notes.front()));
    emit undoOffered(summary.undoable ? what : QString());
}

void ImportFlow::undo()
{
    const QPointer<ImportFlow> self(this);
    m_port.undoImport([self](const view::ImportSummary& summary) {
        if (!self)
            return;
        emit self->undoOffered({});
        if (summary.ok)
            emit self->imported(tr("the import was taken back"));
        else
            emit self->refused(theme::shown(std::string_view(summary.error)));
    });
}

void ImportFlow::addKnown(const QString& id)
{
    auto* dialog = new pages::TargetPreset(m_port, id, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &pages::TargetPreset::noted, this, &ImportFlow::imported);
    connect(dialog, &pages::TargetPreset::otherRequested, this, &ImportFlow::otherRequested);
    dialog->open();
}

void ImportFlow::offerPresets()
{
    const QPointer<pages::FirstRunPage> page(&m_page);
    m_port.presets([page](const std::vector<view::PresetView>& presets) {
        if (page)
            page->offerPresets(presets);
    });
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
