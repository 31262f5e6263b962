// Mailbox: carries calls from core threads to the UI thread. post() is thread-safe; what is posted
// runs on the UI thread, in order. Any number of posts wake the UI thread once. After the mailbox
// is gone, posts through its sender fall into the void: whoever holds a sender may outlive the
// window.
#pragma once

#include "core/base/guarded.h"

#include <QObject>
#include <functional>
#include <memory>
#include <vector>

namespace fleetglass::bridge {

class Mailbox : public QObject
{
    Q_OBJECT

public:
    using Call = std::function<void()>;

    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;

    // Safe to copy into callbacks of core.
    std::function<void(Call)> sender() const;

private:
    struct Slot
    {
        std::vector<Call> calls;
        Mailbox* owner = nullptr; // Null once the mailbox is gone.
    };
    static void post(const std::shared_ptr<Guarded<Slot>>& slot, Call call);
    void deliver();

    std::shared_ptr<Guarded<Slot>> m_slot;
};

} // namespace fleetglass::bridge
