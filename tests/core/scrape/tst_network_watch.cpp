// Goal: a lost network is told once, and what comes back is told at once. Method: addresses as a
// test gives them; the kernel's are only read.
#include "core/scrape/network_watch.h"

#include <QTest>
#include <thread>
#include <vector>

using namespace fleetglass;
using namespace fleetglass::scrape;

namespace {

struct Rig
{
    std::vector<std::string> told;
    NetworkWatch watch { { [this](bool online) { told.push_back(online ? "online" : "offline"); },
        [this] { told.push_back("returned"); } } };

    std::vector<std::string> after(NetworkAddresses addresses)
    {
        told.clear();
        watch.look(std::move(addresses));
        return told;
    }
};

using Told = std::vector<std::string>;

} // namespace

class TestNetworkWatch : public QObject
{
    Q_OBJECT
private slots:
    void k5ACableIsPulledAndPutBack();
    void k5AVpnComesUp();
    void startingWithoutANetworkIsSaid();
    void addressesThatGoAreNoReturn();
    void theKernelIsAskedUntilStopped();
};

void TestNetworkWatch::k5ACableIsPulledAndPutBack()
{
    Rig rig;
    QCOMPARE(rig.after({ "eth0 10.0.0.2" }), Told());
    QCOMPARE(rig.after({}), Told { "offline" });
    QCOMPARE(rig.after({}), Told());
    QCOMPARE(rig.after({ "eth0 10.0.0.2" }), (Told { "online", "returned" }));
}

void TestNetworkWatch::k5AVpnComesUp()
{
    Rig rig;
    rig.after({ "eth0 10.0.0.2" });
    QCOMPARE(rig.after({ "eth0 10.0.0.2", "tun0 172.16.0.9" }), Told { "returned" });
}

void TestNetworkWatch::startingWithoutANetworkIsSaid()
{
    Rig rig;
    QCOMPARE(rig.after({}), Told { "offline" });
}

void TestNetworkWatch::addressesThatGoAreNoReturn()
{
    Rig rig;
    rig.after({ "eth0 10.0.0.2", "tun0 172.16.0.9" });
    QCOMPARE(rig.after({ "eth0 10.0.0.2" }), Told());
}

void TestNetworkWatch::theKernelIsAskedUntilStopped()
{
    for (const std::string& address : currentAddresses())
        QVERIFY2(!address.starts_with("lo "), address.c_str());
    Rig rig;
    std::jthread thread([&](std::stop_token stop) { watchNetwork(rig.watch, std::move(stop)); });
    thread.request_stop();
    thread.join(); // It returns.
}

QTEST_GUILESS_MAIN(TestNetworkWatch)
#include "tst_network_watch.moc"
