#include "ui/main_window/actions.h"

#include <QWidget>

namespace fleetglass::main_window {

namespace {

QString withoutMnemonic(QString text)
{
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QLatin1String(" ...")))
        text.chop(4);
    return text;
}

} // namespace

Actions::Actions(QWidget& window, const QSettings& settings)
    : QObject(&window)
    , m_window(window)
    , m_settings(settings)
{
}

QAction* Actions::add(const ActionSpec& spec, std::function<void()> run)
{
    auto* action = new QAction(spec.text, &m_window);
    action->setObjectName(spec.id);
    action->setCheckable(spec.checkable);
    QList<QKeySequence> keys = spec.keys;
    const QVariant rebound = m_settings.value(QStringLiteral("keys/") + spec.id);
    if (rebound.isValid())
        keys = QKeySequence::listFromString(rebound.toString(), QKeySequence::PortableText);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    m_window.addAction(action);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_entries.append({ action, spec.area });
    m_byId.insert(spec.id, action);
    return action;
}

QVector<widgets::KeyHint> Actions::hints() const
{
    QVector<widgets::KeyHint> hints;
    for (const Entry& entry : m_entries) {
        QStringList shortcuts;
        for (const QKeySequence& shortcut : entry.action->shortcuts())
            shortcuts.append(shortcut.toString(QKeySequence::NativeText));
        const QString keys = shortcuts.join(QStringLiteral("  "));
        if (!keys.isEmpty())
            hints.append({ keys, withoutMnemonic(entry.action->text()), entry.area });
    }
    return hints;
}

QVector<widgets::PaletteItem> Actions::paletteItems() const
{
    QVector<widgets::PaletteItem> items;
    for (const Entry& entry : m_entries) {
        if (!entry.action->isEnabled())
            continue;
        widgets::PaletteItem item;
        item.kind = widgets::PaletteKind::Command;
        item.text = withoutMnemonic(entry.action->text());
        item.detail = entry.area;
        item.keys = entry.action->shortcut().toString(QKeySequence::NativeText);
        item.run = [action = entry.action] { action->trigger(); };
        items.append(std::move(item));
    }
    return items;
}

} // namespace fleetglass::main_window
