// Actions: what the window can do, once, with its key: for the menus, for "?", for Ctrl+K. Keys can
// be rebound: [keys] id=Ctrl+X in the settings. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/key_hint.h"
#include "ui/widgets/palette_item.h"

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QSettings>
#include <QVector>

namespace fleetglass::main_window {

struct ActionSpec
{
    QString id; // Stable: "time.zoom_in".
    QString text; // tr(), as in a menu.
    QString area {}; // tr()
    QList<QKeySequence> keys {};
    bool checkable = false;
};

class Actions : public QObject
{
    Q_OBJECT

public:
    // Actions live in `window`; `settings` must outlive this.
    Actions(QWidget& window, const QSettings& settings);

    QAction* add(const ActionSpec& spec, std::function<void()> run);
    QAction* find(const QString& id) const { return m_byId.value(id); }

    QVector<widgets::KeyHint> hints() const;
    QVector<widgets::PaletteItem> paletteItems() const;

private:
    struct Entry
    {
        QAction* action;
        QString area;
    };

    QWidget& m_window;
    const QSettings& m_settings;
    QVector<Entry> m_entries;
    QHash<QString, QAction*> m_byId;
};

} // namespace fleetglass::main_window
