#include "ui/bridge/mailbox.h"
#include "ui/bridge/update_bridge.h"

#include <QSignalSpy>
#include <QTest>
#include <thread>

using namespace fleetglass;

namespace {

view::FleetViewPtr viewOf(uint64_t generation)
{
    auto fleet = std::make_shared<view::FleetView>();
    fleet->generation = generation;
    return fleet;
}

} // namespace

class TestUpdateBridge : public QObject
{
    Q_OBJECT

private slots:
    void tenThousandViewsAreOneDeliveryOfTheNewest();
    void laterViewsAreDeliveredToo();
    void postsRunOnTheThreadOfTheMailboxInOrder();
    void postsAfterTheMailboxIsGoneAreDropped();
};

void TestUpdateBridge::tenThousandViewsAreOneDeliveryOfTheNewest()
{
    bridge::UpdateBridge updates;
    std::vector<uint64_t> delivered;
    connect(&updates, &bridge::UpdateBridge::viewChanged, this,
        [&](const view::FleetViewPtr& fleet) { delivered.push_back(fleet->generation); });
    std::jthread worker([&] {
        for (uint64_t i = 1; i <= 10'000; ++i)
            updates.publish(viewOf(i));
    });
    worker.join();
    QTRY_COMPARE(delivered.size(), size_t(1));
    QCOMPARE(delivered.front(), uint64_t(10'000));
}

void TestUpdateBridge::laterViewsAreDeliveredToo()
{
    bridge::UpdateBridge updates;
    int count = 0;
    connect(&updates, &bridge::UpdateBridge::viewChanged, this, [&] { ++count; });
    updates.publish(viewOf(1));
    QTRY_COMPARE(count, 1);
    updates.publish(viewOf(2));
    QTRY_COMPARE(count, 2);
}

void TestUpdateBridge::postsRunOnTheThreadOfTheMailboxInOrder()
{
    bridge::Mailbox mailbox;
    std::vector<int> seen;
    const auto send = mailbox.sender();
    std::jthread worker([&] {
        for (int i = 0; i < 1000; ++i)
            send([&seen, i] { seen.push_back(i); });
    });
    worker.join();
    QVERIFY(seen.empty());
    QTRY_COMPARE(seen.size(), size_t(1000));
    QVERIFY(std::is_sorted(seen.begin(), seen.end()));
}

void TestUpdateBridge::postsAfterTheMailboxIsGoneAreDropped()
{
    std::function<void(bridge::Mailbox::Call)> send;
    {
        const bridge::Mailbox mailbox;
        send = mailbox.sender();
    }
    bool ran = false;
    send([&] { ran = true; });
    QCoreApplication::processEvents();
    QVERIFY(!ran);
}

QTEST_GUILESS_MAIN(TestUpdateBridge)
#include "tst_update_bridge.moc"
