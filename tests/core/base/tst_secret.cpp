#include "core/base/secret.h"

#include <QTest>
#include <sstream>
#include <type_traits>

using namespace fleetglass;

namespace {

template<class T>
concept Streamable = requires(std::ostream& stream, const T& value)
{
    stream << value;
};

} // namespace

class TestSecret : public QObject
{
    Q_OBJECT

private slots:
    void aSecretCannotBePrintedOrTurnedIntoTextByAccident();
    void movingLeavesNothingBehind();
};

void TestSecret::aSecretCannotBePrintedOrTurnedIntoTextByAccident()
{
    QVERIFY(!Streamable<Secret>);
    QVERIFY(!(std::is_convertible_v<Secret, std::string>));
    QCOMPARE(Secret("hunter2").reveal(), std::string("hunter2"));
}

void TestSecret::movingLeavesNothingBehind()
{
    Secret first("hunter2");
    const Secret second(std::move(first));
    QVERIFY(first.empty()); // NOLINT(bugprone-use-after-move): that is what is tested.
    QCOMPARE(second.reveal(), std::string("hunter2"));
}

QTEST_GUILESS_MAIN(TestSecret)
#include "tst_secret.moc"
