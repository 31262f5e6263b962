// UpdateBridge: brings the newest FleetView to the UI thread. publish() is thread-safe and may be
// called as often as core likes: however many views come in, one is delivered, the newest, at most
// every 50 ms. It must outlive every publisher: stop the monitor first.
#pragma once

#include "core/base/guarded.h"
#include "core/view/fleet_view.h"

#include <QObject>
#include <QTimer>

namespace fleetglass::bridge {

class UpdateBridge : public QObject
{
    Q_OBJECT

public:
    explicit UpdateBridge(QObject* parent = nullptr);

    void publish(view::FleetViewPtr view);

signals:
    void viewChanged(const fleetglass::view::FleetViewPtr& view);

private:
    void startTimer();
    void deliver();

    Guarded<view::FleetViewPtr> m_newest;
    QTimer m_timer;
};

} // namespace fleetglass::bridge
