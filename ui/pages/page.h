// Page: one view of the rail. The main window owns the pages, shows one of them at a time and asks
// each the same few things. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/theme/glyphs.h"
#include "ui/widgets/key_hint.h"
#include "ui/widgets/palette_item.h"
#include "ui/widgets/time_controller.h"

#include <QJsonObject>
#include <QVector>
#include <QWidget>

namespace fleetglass::pages {

// Somewhere to go: a page by its id, and what to select there. Unset parts are 0 or empty.
struct Link
{
    QString page {}; // "overview", "explore", "alerts", "shells", "targets", "snapshots"
    uint64_t targetId = 0;
    uint64_t alertId = 0;
    uint64_t sessionId = 0;
    QString query {}; // For Explore.
    QString filter {}; // Text for the page's filter field.
    std::optional<widgets::TimeRange> range {}; // Shown first, on the range stack.
    bool createNew = false; // Snapshots: begin a new one.
};

class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual QString id() const = 0; // Stable: --page, settings, links.
    virtual QString title() const = 0; // tr()
    virtual theme::Glyph icon() const = 0;

    // The newest view. Called for the page that is shown: with each view, and when it gets shown.
    virtual void showView(view::FleetViewPtr view) = 0;

    // Range, zone, step, comparison and crosshair come from the TimeController given to the page's
    // constructor; this is called for the page that is shown, when the range moved.
    virtual void setTimeRange(const widgets::TimeRange&) { }

    // Shown at the right edge, in the window's inspector; stays the page's own. Null: no inspector.
    virtual QWidget* inspector() { return nullptr; }
    virtual int inspectorWidth() const { return theme::size::kInspector; }

    // "/": the page's filter field takes the keyboard.
    virtual void focusFilter() { }
    virtual void open(const Link&) { }

    // F5: what is selected here, for a scrape now; empty: nothing.
    virtual std::vector<uint64_t> selectedTargets() const { return {}; }
    // What "?" lists for this page, and what Ctrl+K can find on it.
    virtual QVector<widgets::KeyHint> keys() const { return {}; }
    virtual QVector<widgets::PaletteItem> paletteItems() { return {}; }

    // Column widths, splitters, selection by key: what outlives a restart.
    virtual QJsonObject saveState() const { return {}; }
    virtual void restoreState(const QJsonObject&) { }

signals:
    void linkActivated(const fleetglass::pages::Link& link);
    // The inspector() or its width became another.
    void inspectorChanged();
    // A short note for the status bar: "copied", "snoozed until 15:30".
    void noted(const QString& text);
};

} // namespace fleetglass::pages
