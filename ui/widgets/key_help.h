// KeyHelp: the list of keys, "?". Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/key_hint.h"

#include <QDialog>
#include <QVector>

namespace fleetglass::widgets {

class KeyHelp : public QDialog
{
    Q_OBJECT

public:
    // Hints are grouped by their area in the order in which areas appear.
    explicit KeyHelp(const QVector<KeyHint>& hints, QWidget* parent = nullptr);
};

} // namespace fleetglass::widgets
