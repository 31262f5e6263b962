#include "ui/pages/snapshots_page.h"

#include "ui/charts/chart_export.h"
#include "ui/pages/snapshots_page_inspector.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/plain_label.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTableView>

namespace fleetglass::pages {

namespace {

constexpr int kThumbnailPx = 480;
constexpr qint64 kThumbnailBytesMax = 4 * 1024 * 1024;
constexpr int kRefreshMs = 250;

// A file that changed has another picture, so its size and time are part of the name.
QString thumbnailPath(const QFileInfo& file)
{
    const QByteArray state = file.absoluteFilePath().toUtf8() + '\n'
        + QByteArray::number(file.size()) + '\n'
        + QByteArray::number(file.lastModified().toMSecsSinceEpoch());
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation)
        + QStringLiteral("/thumbnails/")
        + QString::fromLatin1(
            QCryptographicHash::hash(state, QCryptographicHash::Sha256).toHex().left(32))
        + QStringLiteral(".png");
}

QPixmap thumbnailOf(const QFileInfo& file)
{
    const QFileInfo picture(thumbnailPath(file));
    if (!picture.isFile() || picture.size() > kThumbnailBytesMax)
        return {};
    return QPixmap(picture.absoluteFilePath(), "PNG");
}

void keepThumbnail(const QFileInfo& file, const QImage& picture)
{
    const QString path = thumbnailPath(file);
    if (QDir().mkpath(QFileInfo(path).absolutePath()))
        picture.save(path, "PNG");
}

std::string pngOf(const QImage& picture)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    return bytes.toStdString();
}

bool isPicture(const QString& path)
{
    static const QStringList kEndings { QStringLiteral("png"), QStringLiteral("svg"),
        QStringLiteral("pdf") };
    return kEndings.contains(QFileInfo(path).suffix().toLower());
}

} // namespace

QStringList secretsOf(const std::vector<view::TargetDefinition>& definitions)
{
    QStringList secrets;
    for (const view::TargetDefinition& definition : definitions) {
        const QString job = theme::shown(definition.job);
        if (definition.authKind == "basic")
            secrets += SnapshotsPage::tr("password of job %1").arg(job);
        else if (!definition.authKind.empty())
            secrets += SnapshotsPage::tr("token of job %1").arg(job);
        QStringList names;
        for (const auto& [name, value] : definition.params)
            names += theme::shown(name);
        if (!names.isEmpty())
            secrets += SnapshotsPage::tr("value of %1 in the URL of job %2")
                           .arg(names.join(QStringLiteral(", ")), job);
    }
    return secrets;
}

SnapshotsPage::SnapshotsPage(
    view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors&, QWidget* parent)
    : Page(parent)
    , m_port(port)
    , m_time(time)
    , m_folder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)
          + QStringLiteral("/Fleetglass"))
{
    m_inspector = new SnapshotsInspector(this);
    m_inspector->hide(); // The window shows it.
    m_watcher = new QFileSystemWatcher(this);
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshMs);
    m_model.setPictureOf(thumbnailOf);
    build();
    connectParts();
    showActions();
}

SnapshotsPage::~SnapshotsPage()
{
    m_model.disconnect(this);
}

void SnapshotsPage::showView(view::FleetViewPtr view)
{
    m_view = std::move(view);
    showActions();
}

void SnapshotsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh();
    askWhatStaysOut();
}

// The window's other pages are watched, to know which of them was shown last: that is what a
// picture is of, not the list of pictures.
bool SnapshotsPage::event(QEvent* event)
{
    if (event->type() == QEvent::ParentChange && parentWidget() != nullptr) {
        parentWidget()->installEventFilter(this);
        for (Page* page : parentWidget()->findChildren<Page*>(Qt::FindDirectChildrenOnly)) {
            if (page != this)
                page->installEventFilter(this);
        }
    }
    return Page::event(event);
}

bool SnapshotsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ChildPolished) {
        auto* page = qobject_cast<Page*>(static_cast<QChildEvent*>(event)->child());
        if (page != nullptr && page != this)
            page->installEventFilter(this);
    }
    if (event->type() == QEvent::Show) {
        if (auto* page = qobject_cast<Page*>(watched))
            m_lastPage = page;
    }
    return Page::eventFilter(watched, event);
}

QWidget& SnapshotsPage::pictured() const
{
    if (m_lastPage != nullptr)
        return *m_lastPage;
    return *window();
}

QString SnapshotsPage::viewState() const
{
    QJsonObject pages;
    for (const Page* page : window()->findChildren<Page*>()) {
        if (page != this)
            pages.insert(page->id(), page->saveState());
    }
    const widgets::TimeRange range = m_time.range();
    const QJsonObject state { { QStringLiteral("page"),
                                  m_lastPage != nullptr ? m_lastPage->id() : id() },
        { QStringLiteral("startMs"), static_cast<double>(range.startMs) },
        { QStringLiteral("endMs"), static_cast<double>(range.endMs) },
        { QStringLiteral("utc"), m_time.zone().utc }, { QStringLiteral("pages"), pages } };
    return QString::fromUtf8(QJsonDocument(state).toJson(QJsonDocument::Compact));
}

void SnapshotsPage::setFolder(const QString& folder)
{
    if (folder.isEmpty() || folder == m_folder)
        return;
    m_folder = QDir::cleanPath(folder);
    refresh();
}

void SnapshotsPage::refresh()
{
    if (!m_watcher->directories().contains(m_folder)) {
        if (!m_watcher->directories().isEmpty())
            m_watcher->removePaths(m_watcher->directories());
        if (QFileInfo(m_folder).isDir())
            m_watcher->addPath(m_folder);
    }
    m_model.showFolder(m_folder, m_time.nowMs(), m_time.zone());
    if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
        m_table->selectRow(0);
    m_header->setDetail(tr("%n file(s) in %1", nullptr, m_model.rowCount())
                            .arg(theme::shown(QDir::toNativeSeparators(m_folder))));
    m_table->setVisible(m_model.rowCount() > 0);
    m_empty->setVisible(m_model.rowCount() == 0);
    // One line: the folder stands in the header already.
    m_emptyText->setText(
        tr("One file of what is watched and shown; opens offline, holds no secret."));
    showInspector();
    showActions();
}

const models::CapsuleRow* SnapshotsPage::current() const
{
    return m_model.rowAt(m_table->currentIndex().row());
}

void SnapshotsPage::select(const QString& path)
{
    const int row = m_model.rowOf(QFileInfo(path).absoluteFilePath().toStdString());
    if (row >= 0)
        m_table->selectRow(row);
}

void SnapshotsPage::showActions()
{
    const bool any = current() != nullptr;
    m_open->setEnabled(any);
    m_delete->setEnabled(any);
    m_new->setEnabled(!m_writing && m_view != nullptr);
    m_new->setText(m_writing ? tr("Writing ...") : tr("New snapshot"));
    m_new->updateGeometry();
}

void SnapshotsPage::showInspector()
{
    m_inspector->show({ current(), m_staysOut, m_redactedFile, m_redacted });
}

void SnapshotsPage::askWhatStaysOut()
{
    m_port.definitions([self = QPointer<SnapshotsPage>(this)](
                           const std::vector<view::TargetDefinition>& definitions) {
        if (self == nullptr)
            return;
        self->m_staysOut = secretsOf(definitions);
        self->showInspector();
    });
}

QString SnapshotsPage::freePath(const QString& name) const
{
    const QFileInfo wanted(QDir(m_folder), name);
    QString path = wanted.absoluteFilePath();
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = wanted.absolutePath() + QLatin1Char('/') + wanted.completeBaseName()
            + QLatin1Char('-') + QString::number(i) + QLatin1Char('.') + wanted.suffix();
    return path;
}

void SnapshotsPage::createSnapshot()
{
    if (m_writing)
        return;
    if (!QDir().mkpath(m_folder))
        return showNotice(tr("%1 cannot be made; choose another folder")
                              .arg(theme::shown(QDir::toNativeSeparators(m_folder))),
            true, false);
    const widgets::TimeRange range = m_time.range();
    write(freePath(models::capsuleName({ range.startMs, range.endMs })));
}

void SnapshotsPage::exportTo(const QString& path)
{
    if (!isPicture(path))
        return write(path);
    const Result<qint64> bytes
        = charts::exportPicture(pictured(), path, std::max(2.0, devicePixelRatioF()));
    if (!bytes)
        return showNotice(theme::shown(bytes.error().message), true, false);
    showNotice(tr("wrote %1, %2")
                   .arg(theme::shown(QFileInfo(path).fileName()), theme::formatBytes(*bytes)),
        false, false);
    emit noted(tr("wrote %1").arg(theme::shown(QFileInfo(path).fileName())));
}

void SnapshotsPage::write(const QString& path)
{
    if (m_writing)
        return;
    QWidget& widget = pictured();
    const QImage picture
        = charts::renderImage(widget, 1).scaledToWidth(kThumbnailPx, Qt::SmoothTransformation);
    const widgets::TimeRange range = m_time.range();
    view::ExportRequest request { path.toStdString(), range.startMs, range.endMs, {},
        m_time.stepMs(), viewState().toStdString(), pngOf(picture) };
    m_writing = true;
    showActions();
    m_port.exportData(request,
        [self = QPointer<SnapshotsPage>(this), path, picture](const view::ExportSummary& summary) {
            if (self != nullptr)
                self->written(summary, path, picture);
        });
}

void SnapshotsPage::written(
    const view::ExportSummary& summary, const QString& path, const QImage& picture)
{
    m_writing = false;
    if (!summary.ok) {
        showNotice(tr("%1 was not written: %2")
                       .arg(theme::shown(QFileInfo(path).fileName()), theme::shown(summary.error)),
            true, false);
        return showActions();
    }
    const QString file = summary.file.empty() ? path : QString::fromStdString(summary.file);
    m_redacted.clear();
    for (const std::string& line : summary.redacted)
        m_redacted += theme::shown(line);
    m_redactedFile = QFileInfo(file).fileName();
    if (QFileInfo::exists(file) && file.endsWith(QStringLiteral(".fgsnap")))
        keepThumbnail(QFileInfo(file), picture);
    refresh();
    select(file);
    showInspector();
    showNotice(
        tr("wrote %1, %2; %n secret(s) left out", nullptr, static_cast<int>(m_redacted.size()))
            .arg(theme::shown(m_redactedFile), theme::formatBytes(summary.bytes)),
        false, false);
    emit noted(tr("wrote %1").arg(theme::shown(m_redactedFile)));
}

void SnapshotsPage::openSelected()
{
    if (const models::CapsuleRow* row = current())
        emit archiveChosen(row->path);
}

void SnapshotsPage::deleteSelected()
{
    const models::CapsuleRow* row = current();
    if (row == nullptr)
        return;
    const QString path = row->path;
    const QString name = theme::shown(QFileInfo(path).fileName());
    QString inTrash;
    if (!QFile::moveToTrash(path, &inTrash))
        return showNotice(
            tr("%1 could not be moved to the trash; it is still here").arg(name), true, false);
    m_deleted = Deleted { path, inTrash };
    refresh();
    showNotice(tr("%1 is in the trash").arg(name), false, !inTrash.isEmpty());
}

void SnapshotsPage::undoDelete()
{
    if (!m_deleted)
        return;
    const Deleted deleted = *m_deleted;
    m_deleted.reset();
    const QFileInfo trashed(deleted.inTrash);
    const QString back = QFileInfo::exists(deleted.path)
        ? freePath(QFileInfo(deleted.path).fileName())
        : deleted.path;
    if (!QFile::rename(deleted.inTrash, back))
        return showNotice(tr("%1 is not in the trash any more")
                              .arg(theme::shown(QFileInfo(deleted.path).fileName())),
            true, false);
    // The trash of the desktop keeps a note beside each file.
    QDir info(trashed.absolutePath());
    if (info.cdUp())
        QFile::remove(info.filePath(
            QStringLiteral("info/") + trashed.fileName() + QStringLiteral(".trashinfo")));
    refresh();
    select(back);
    showNotice(tr("%1 is back").arg(theme::shown(QFileInfo(back).fileName())), false, false);
}

void SnapshotsPage::showNotice(const QString& text, bool bad, bool undo)
{
    m_notice->show();
    m_noticeText->setText(text);
    m_noticeText->setInk(bad ? theme::Ink::Critical : theme::Ink::Text);
    m_noticeText->setGlyph(bad ? theme::Glyph::Critical : theme::Glyph::Ok);
    m_undo->setVisible(undo);
}

void SnapshotsPage::askForFolder()
{
    auto* dialog = new QFileDialog(this, tr("Folder of snapshots"), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &SnapshotsPage::setFolder);
    dialog->open();
}

void SnapshotsPage::askWhere(const QString& ending)
{
    const widgets::TimeRange range = m_time.range();
    QString name = models::capsuleName({ range.startMs, range.endMs });
    name.replace(QStringLiteral(".fgsnap"), QLatin1Char('.') + ending);
    auto* dialog = new QFileDialog(this, tr("Export as %1").arg(ending.toUpper()), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->setNameFilters({ QStringLiteral("*.") + ending });
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, &SnapshotsPage::exportTo);
    dialog->open();
}

QWidget* SnapshotsPage::inspector()
{
    return m_inspector;
}

void SnapshotsPage::open(const Link& link)
{
    if (link.createNew)
        createSnapshot();
}

} // namespace fleetglass::pages
