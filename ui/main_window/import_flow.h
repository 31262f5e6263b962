// ImportFlow: from a pasted text, a chosen or dropped file to a fleet that is watched, or to the
// reason why not. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"

#include <QObject>
#include <QStringList>
#include <functional>

namespace fleetglass::pages {
class FirstRunPage;
}

class QMimeData;

namespace fleetglass::main_window {

class ImportFlow : public QObject
{
    Q_OBJECT

public:
    // Both must outlive the flow.
    ImportFlow(view::FleetPort& port, pages::FirstRunPage& page, QWidget& window);

    void takeText(const QString& text);
    void takeFiles(const QStringList& paths);
    void askForFile(); // Does not wait: the dialog answers later.
    // Looks for the system's own Prometheus file, which is only read.
    void offerSystemConfig(const QString& path);

    // Takes the last import back.
    void undo();
    // Asks for what a known system needs; `id` of its preset, empty: the first.
    void addKnown(const QString& id);

    static bool canTake(const QMimeData& data);
    void takeDrop(const QMimeData& data);

signals:
    void imported(const QString& note); // "4 jobs, 21 targets; 2 parts kept, not run yet"
    void refused(const QString& reason);
    void archiveChosen(const QString& path); // A *.fgsnap.
    // What was taken, where it can be taken back; empty: nothing can.
    void undoOffered(const QString& what);
    void otherRequested(); // Something that is no known system: the editor.

private:
    void takeFile(const QString& path);
    void finish(const view::ImportSummary& summary);
    // Where the preview has gaps they are asked for; else what `take` does is done at once.
    void consider(const view::ImportSummary& preview, const QString& name,
        const view::FilledImport& import, const std::function<void()>& take);
    void offerPresets();

    view::FleetPort& m_port;
    pages::FirstRunPage& m_page;
    QWidget& m_window;
};

} // namespace fleetglass::main_window
