// KeyHint: one line of the list of keys. Immutable; share freely.
#pragma once

#include <QString>

namespace fleetglass::widgets {

struct KeyHint
{
    QString keys; // "Ctrl+K", "[ ]"
    QString action; // tr(): "find host, metric, command"
    QString area {}; // tr(): "Time", "Alerts"; empty: everywhere.
};

} // namespace fleetglass::widgets
