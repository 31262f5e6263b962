// OverviewPage: is anything down, is anything firing, is anybody inside a host: answered without a
// click. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/change_model.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"

class QComboBox;
class QScrollArea;
class QTableView;

namespace fleetglass::widgets {
class KeyButton;
class SearchField;
class SectionHead;
class ViewHeader;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class OverviewInspector;
class OverviewTiles;
class OverviewWall;

class OverviewPage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    OverviewPage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~OverviewPage() override;

    QString id() const override { return QStringLiteral("overview"); }
    QString title() const override { return tr("Overview"); }
    theme::Glyph icon() const override { return theme::Glyph::Overview; }
    void showView(view::FleetViewPtr view) override;
    QWidget* inspector() override;
    void focusFilter() override;
    void open(const Link& link) override;
    std::vector<uint64_t> selectedTargets() const override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QWidget* buildHeader();
    QWidget* buildChanges();
    void connectParts();
    void showLabels();
    void showWall();
    void showInspector();
    void showChangeHead();
    void fitChanges();
    void restoreSelection();
    void openChange(int row);
    void openTarget(uint64_t targetId);

    widgets::TimeController& m_time;
    view::FleetViewPtr m_view;
    models::ChangeModel m_changes;
    std::string m_label = "job";
    QString m_wanted; // "job\ninstance" to select as soon as it is there.
    std::vector<std::string> m_labelNames;
    std::shared_ptr<const std::vector<view::ChangeView>> m_shownChanges;
    bool m_allChanges = false;

    widgets::ViewHeader* m_header = nullptr;
    QComboBox* m_groupBy = nullptr;
    widgets::SearchField* m_filter = nullptr;
    OverviewTiles* m_tiles = nullptr;
    QScrollArea* m_scroll = nullptr;
    OverviewWall* m_wall = nullptr;
    widgets::SectionHead* m_changeHead = nullptr;
    widgets::KeyButton* m_showAll = nullptr;
    QTableView* m_changeTable = nullptr;
    OverviewInspector* m_inspector;
};

} // namespace fleetglass::pages
