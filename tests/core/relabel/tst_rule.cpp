#include "core/relabel/rule.h"

#include <QTest>

using namespace fleetglass;
using relabel::Rule;
using relabel::RuleText;

namespace {

Rule rule(const RuleText& text)
{
    auto made = relabel::makeRule(text);
    if (!made)
        qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

QString applied(const std::vector<Rule>& rules, const labels::Labels& labels)
{
    const auto result = relabel::apply(rules, labels);
    return result ? QString::fromStdString(result->toString()) : QStringLiteral("dropped");
}

} // namespace

class RuleTest : public QObject
{
    Q_OBJECT

private slots:
    void eachActionDoesItsWork_data();
    void eachActionDoesItsWork();
    void aBadRuleSaysWhatIsWrong_data();
    void aBadRuleSaysWhatIsWrong();
    void actionWordsAreTakenInAnyCase();
    void aNameTheSchemeForbidsIsNotWritten();
    void namedGroupsAreTakenAsGoWritesThem();
    void traceShowsEachStepUpToTheDrop();
    void builderFormStopsAtTheDrop();
};

void RuleTest::eachActionDoesItsWork_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("regex");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* action, const char* source, const char* regex,
                         const char* target, const char* replacement, const char* expected) {
        QTest::newRow(name) << action << source << regex << target << replacement << expected;
    };
    row("replace", "replace", "host", "([^.]+)\\..*", "short", "$1",
        R"({env="Prod", host="db1.lan", mirror="db1.lan", short="db1"})");
    row("replace without match", "replace", "host", "web.*", "short", "x",
        R"({env="Prod", host="db1.lan", mirror="db1.lan"})");
    row("replace with nothing deletes", "replace", "", "(.*)", "env", "",
        R"({host="db1.lan", mirror="db1.lan"})");
    row("replace is anchored", "replace", "host", "db1", "short", "x",
        R"({env="Prod", host="db1.lan", mirror="db1.lan"})");
    row("keep", "keep", "env", "Prod|Test", "", "$1",
        R"({env="Prod", host="db1.lan", mirror="db1.lan"})");
    row("keep drops others", "keep", "env", "Test", "", "$1", "dropped");
    row("drop", "drop", "env", "Pr.*", "", "$1", "dropped");
    row("keepequal", "keepequal", "mirror", "(.*)", "host", "$1",
        R"({env="Prod", host="db1.lan", mirror="db1.lan"})");
    row("dropequal", "dropequal", "mirror", "(.*)", "host", "$1", "dropped");
    row("lowercase", "lowercase", "env", "(.*)", "env", "$1",
        R"({env="prod", host="db1.lan", mirror="db1.lan"})");
    row("uppercase", "uppercase", "env", "(.*)", "env", "$1",
        R"({env="PROD", host="db1.lan", mirror="db1.lan"})");
    row("labelmap", "labelmap", "", "(h)ost", "", "my_${1}",
        R"({env="Prod", host="db1.lan", mirror="db1.lan", my_h="db1.lan"})");
    row("labeldrop", "labeldrop", "", "env|mirror", "", "$1", R"({host="db1.lan"})");
    row("labelkeep", "labelkeep", "", "env", "", "$1", R"({env="Prod"})");
}

void RuleTest::eachActionDoesItsWork()
{
    QFETCH(QString, action);
    QFETCH(QString, source);
    QFETCH(QString, regex);
    QFETCH(QString, target);
    QFETCH(QString, replacement);
    RuleText text;
    if (!source.isEmpty())
        text.sourceLabels = { source.toStdString() };
    text.regex = regex.toStdString();
    text.targetLabel = target.toStdString();
    text.replacement = replacement.toStdString();
    text.action = action.toStdString();
    const labels::Labels before { { "env", "Prod" }, { "host", "db1.lan" },
        { "mirror", "db1.lan" } };
    QTEST(applied({ rule(text) }, before), "expected");
}

void RuleTest::aBadRuleSaysWhatIsWrong_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("replacement");
    QTest::addColumn<QString>("error");
    QTest::newRow("empty") << ""
                           << "a"
                           << "$1"
                           << "relabel action cannot be empty";
    QTest::newRow("unknown") << "kepp"
                             << "a"
                             << "$1"
                             << "unknown relabel action \"kepp\"";
    QTest::newRow("hashmod without modulus")
        << "hashmod"
        << "a"
        << "$1"
        << "relabel configuration for hashmod requires non-zero modulus";
    QTest::newRow("no target")
        << "replace"
        << ""
        << "$1"
        << "relabel configuration for replace action requires 'target_label' value";
    QTest::newRow("legacy name") << "replace"
                                 << "a-b"
                                 << "$1"
                                 << "\"a-b\" is invalid 'target_label' for replace action";
    QTest::newRow("legacy template") << "replace"
                                     << "a-${1}"
                                     << "$1"
                                     << "\"a-${1}\" is invalid 'target_label' for replace action";
    QTest::newRow("labelmap") << "labelmap"
                              << ""
                              << "-$1"
                              << "\"-$1\" is invalid 'replacement' for labelmap action";
    QTest::newRow("lowercase") << "lowercase"
                               << "a"
                               << "x"
                               << "'replacement' can not be set for lowercase action";
    QTest::newRow("labeldrop") << "labeldrop"
                               << "a"
                               << "$1"
                               << "labeldrop action requires only 'regex', and no other fields";
}

void RuleTest::aBadRuleSaysWhatIsWrong()
{
    QFETCH(QString, action);
    QFETCH(QString, target);
    QFETCH(QString, replacement);
    RuleText text;
    text.action = action.toStdString();
    text.targetLabel = target.toStdString();
    text.replacement = replacement.toStdString();
    const auto made = relabel::makeRule(text, relabel::NameScheme::Legacy);
    QVERIFY(!made);
    QTEST(QString::fromStdString(made.error().message), "error");
}

void RuleTest::actionWordsAreTakenInAnyCase()
{
    QCOMPARE(relabel::actionFromWord("LabelMap"), relabel::Action::LabelMap);
    QVERIFY(!relabel::actionFromWord("label_map"));
}

void RuleTest::aNameTheSchemeForbidsIsNotWritten()
{
    RuleText text;
    text.sourceLabels = { "key" };
    text.targetLabel = "${1}";
    text.replacement = "x";
    const labels::Labels before { { "key", "a.b" } };
    QCOMPARE(applied({ rule(text) }, before), QStringLiteral(R"({"a.b"="x", key="a.b"})"));
    std::vector<Rule> legacy { *relabel::makeRule(text, relabel::NameScheme::Legacy) };
    QCOMPARE(applied(legacy, before), QStringLiteral(R"({key="a.b"})"));
}

void RuleTest::namedGroupsAreTakenAsGoWritesThem()
{
    RuleText text;
    text.sourceLabels = { "a" };
    text.regex = "(?<first>[^:]+):[(?<]+(?P<rest>.*)";
    text.targetLabel = "b";
    text.replacement = "${rest}-$first";
    QCOMPARE(applied({ rule(text) }, { { "a", "x:(?<y" } }),
        QStringLiteral("{a=\"x:(?<y\", b=\"y-x\"}"));
}

void RuleTest::traceShowsEachStepUpToTheDrop()
{
    RuleText copy;
    copy.sourceLabels = { "a" };
    copy.targetLabel = "b";
    RuleText drop;
    drop.sourceLabels = { "b" };
    drop.regex = "1";
    drop.action = "drop";
    const std::vector<Rule> rules { rule(copy), rule(drop), rule(copy) };
    const auto steps = relabel::trace(rules, { { "a", "1" } });
    QCOMPARE(steps.size(), size_t { 2 });
    QCOMPARE(steps[0].before.size(), size_t { 1 });
    QCOMPARE(steps[0].after.get("b"), std::string_view("1"));
    QVERIFY(!steps[0].dropped);
    QVERIFY(steps[1].dropped);
    QCOMPARE(steps[1].rule, &rules[1]);
    QCOMPARE(steps[1].after.toString(), steps[1].before.toString());
}

void RuleTest::builderFormStopsAtTheDrop()
{
    RuleText drop;
    drop.action = "drop";
    drop.sourceLabels = { "a" };
    RuleText set;
    set.targetLabel = "b";
    set.replacement = "late";
    const std::vector<Rule> rules { rule(drop), rule(set) };
    labels::Builder builder(labels::Labels { { "a", "1" } });
    QVERIFY(!relabel::apply(rules, builder));
    QVERIFY(builder.get("b").empty());
}

QTEST_GUILESS_MAIN(RuleTest)
#include "tst_rule.moc"
