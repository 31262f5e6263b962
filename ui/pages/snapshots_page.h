// SnapshotsPage: the snapshots in a folder, a new one of what is watched, and what the window shows
// in other formats. Data is written by the port, pictures by the charts; nothing here waits for
// either. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/capsule_model.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"

#include <QPointer>
#include <QTimer>

class QFileSystemWatcher;
class QTableView;

namespace fleetglass::widgets {
class KeyButton;
class PlainLabel;
class ViewHeader;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class SnapshotsInspector;

class SnapshotsPage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    SnapshotsPage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~SnapshotsPage() override;

    QString id() const override { return QStringLiteral("snapshots"); }
    QString title() const override { return tr("Snapshots"); }
    theme::Glyph icon() const override { return theme::Glyph::Snapshots; }
    void showView(view::FleetViewPtr view) override;
    QWidget* inspector() override;
    void open(const Link& link) override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

    const models::CapsuleModel& model() const { return m_model; }
    QString folder() const { return m_folder; }
    void setFolder(const QString& folder);
    void createSnapshot();
    // The ending chooses: pictures of what the window showed last (.png .svg .pdf), data (.fgsnap
    // .csv .json .om .html).
    void exportTo(const QString& path);
    void openSelected();
    void deleteSelected(); // To the trash; undoDelete() brings it back.
    void undoDelete();

signals:
    void archiveChosen(const QString& path);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Deleted
    {
        QString path;
        QString inTrash;
    };

    void build();
    QWidget* buildExports();
    QWidget* buildNotice();
    QWidget* buildEmpty();
    void connectParts();

    void refresh();
    void select(const QString& path);
    void showActions();
    void showInspector();
    void askForFolder();
    void askWhere(const QString& ending);
    void write(const QString& path);
    void written(const view::ExportSummary& summary, const QString& path, const QImage& picture);
    void showNotice(const QString& text, bool bad, bool undo);
    void askWhatStaysOut();
    QString freePath(const QString& name) const;
    QString viewState() const;
    QWidget& pictured() const;
    const models::CapsuleRow* current() const;

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    view::FleetViewPtr m_view;
    models::CapsuleModel m_model;
    QString m_folder;
    QPointer<Page> m_lastPage; // What the window showed before this page.
    std::optional<Deleted> m_deleted;
    QStringList m_redacted; // Of the last file written.
    QString m_redactedFile;
    QStringList m_staysOut;
    QTimer m_refreshTimer;
    bool m_writing = false;

    QFileSystemWatcher* m_watcher = nullptr;
    widgets::ViewHeader* m_header = nullptr;
    widgets::KeyButton* m_new = nullptr;
    QTableView* m_table = nullptr;
    QWidget* m_empty = nullptr;
    widgets::PlainLabel* m_emptyText = nullptr;
    QWidget* m_notice = nullptr;
    widgets::PlainLabel* m_noticeText = nullptr;
    widgets::KeyButton* m_undo = nullptr;
    widgets::KeyButton* m_open = nullptr;
    widgets::KeyButton* m_delete = nullptr;
    SnapshotsInspector* m_inspector = nullptr;
};

// What no file holds, by what is configured: "password of job awx", "token of job etcha".
QStringList secretsOf(const std::vector<view::TargetDefinition>& definitions);

} // namespace fleetglass::pages
