// TargetsPage: every target in one table, and of the selected one why it is down and what helps.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/target_table_model.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"

#include <QPointer>

class QFileDialog;
class QSplitter;
class QTableView;

namespace fleetglass::widgets {
class Chip;
class KeyButton;
class SearchField;
class ViewHeader;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class DefinitionEditor;
class TargetDetailPane;

class TargetsPage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    TargetsPage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~TargetsPage() override;

    QString id() const override { return QStringLiteral("targets"); }
    QString title() const override { return tr("Targets"); }
    theme::Glyph icon() const override { return theme::Glyph::Targets; }
    void showView(view::FleetViewPtr view) override;
    void focusFilter() override;
    void open(const Link& link) override;
    std::vector<uint64_t> selectedTargets() const override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

    void select(uint64_t targetId);
    DefinitionEditor* editor() const; // Null: not open.

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct FilterChip
    {
        widgets::Chip* chip = nullptr;
        QString word; // What it writes into the filter.
    };

    void build();
    QWidget* buildHeader();
    void connectParts();
    void showChips();
    void applyFilter();
    void toggleWord(const QString& word);
    void keepSelection();
    void showSelected();
    void askDetail(const view::TargetView& target);
    void askTrace(const QString& filter);
    void followWorst();
    void addKnown(const QString& id);
    void showDropped();
    std::shared_ptr<const view::TargetView> targetOf(uint64_t id) const;
    void chooseCa(const QString& job);
    void applyFix(const view::JobFix& fix);
    void addTarget();
    void editJob(const QString& job);
    void showEditor(const view::TargetDefinition& definition, bool isNew);

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    view::FleetViewPtr m_view;
    models::TargetTableModel m_model;
    uint64_t m_selected = 0;
    QString m_wanted; // "job\ninstance" to select as soon as it is there.
    std::shared_ptr<const view::TargetDetailView> m_detail; // Of m_selected, or null.
    uint64_t m_askedFor = 0;
    int64_t m_askedScrapeMs = -1;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); // Answers outlive the page.
    std::vector<view::PresetView> m_presets; // For the palette.
    bool m_chosen = false; // The target was chosen by the user: it stays, whatever goes down.
    bool m_keeping = false; // The selection is put back, not moved by the user.

    widgets::ViewHeader* m_header = nullptr;
    std::vector<FilterChip> m_chips;
    widgets::SearchField* m_filter = nullptr;
    widgets::KeyButton* m_add = nullptr;
    widgets::KeyButton* m_scrapeAll = nullptr;
    QSplitter* m_splitter = nullptr;
    QTableView* m_table = nullptr;
    TargetDetailPane* m_pane = nullptr;
    QPointer<DefinitionEditor> m_editor;
    QPointer<QFileDialog> m_caDialog;
};

} // namespace fleetglass::pages
