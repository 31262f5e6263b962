#include "ui/bridge/mailbox.h"

#include <utility>

namespace fleetglass::bridge {

Mailbox::Mailbox(QObject* parent)
    : QObject(parent)
    , m_slot(std::make_shared<Guarded<Slot>>())
{
    m_slot->with([this](Slot& slot) { slot.owner = this; });
}

Mailbox::~Mailbox()
{
    m_slot->with([](Slot& slot) {
        slot.owner = nullptr;
        slot.calls.clear();
    });
}

std::function<void(Mailbox::Call)> Mailbox::sender() const
{
    return [slot = m_slot](Call call) { post(slot, std::move(call)); };
}

void Mailbox::post(const std::shared_ptr<Guarded<Slot>>& shared, Call call)
{
    // The event is posted under the lock: the owner cannot go away in between. It carries no
    // payload, since a race checker cannot see into Qt's queue.
    shared->with([&](Slot& slot) {
        if (!slot.owner)
            return;
        slot.calls.push_back(std::move(call));
        if (slot.calls.size() == 1)
            QMetaObject::invokeMethod(slot.owner, &Mailbox::deliver, Qt::QueuedConnection);
    });
}

void Mailbox::deliver()
{
    const auto calls = m_slot->with([](Slot& slot) { return std::exchange(slot.calls, {}); });
    for (const Call& call : calls)
        call();
}

} // namespace fleetglass::bridge
