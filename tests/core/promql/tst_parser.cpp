// Goal: every complaint a user can meet, with its words and place; and the shape of trees where
// precedence decides. Method: tables; trees are compared through the printer with explicit
// brackets.
// Queries and messages read best as plain literals here.
#undef QT_NO_CAST_FROM_ASCII

#include "core/promql/function_table.h"
#include "core/promql/literals.h"
#include "core/promql/parser.h"
#include "core/promql/printer.h"

#include <QtTest>
#include <algorithm>
#include <cmath>

using namespace fleetglass;
using namespace fleetglass::promql;

namespace {

// "(a + (b * c))": the tree with its brackets shown.
std::string shape(const Expr& expr)
{
    if (const auto* binary = as<BinaryExpr>(&expr))
        return "(" + shape(*binary->lhs) + " " + printOperator(*binary) + " " + shape(*binary->rhs)
            + ")";
    if (const auto* unary = as<UnaryExpr>(&expr))
        return std::string(unary->op == UnaryOp::Minus ? "-" : "+") + "{" + shape(*unary->expr)
            + "}";
    return print(expr);
}

QString firstError(
    const std::string& query, const ParseOptions& options = ParseOptions::everything())
{
    const auto parsed = parseExpr(query, options);
    return parsed.ok() ? QStringLiteral("accepted")
                       : QString::fromStdString(describe(parsed.errors[0], query));
}

} // namespace

class ParserTest : public QObject
{
    Q_OBJECT

private slots:
    void operatorsBindAsDocumented_data();
    void operatorsBindAsDocumented();
    void errorsSayWhereAndWhat_data();
    void errorsSayWhereAndWhat();
    void errorsAfterTheFirstAreKept();
    void experimentalPartsAreOffUnlessAskedFor_data();
    void experimentalPartsAreOffUnlessAskedFor();
    void selectorsTakeTheirModifiers();
    void durationExpressionsStayOnTheNode();
    void vectorMatchingIsKeptOnlyBetweenVectors();
    void nodesKnowTheirBytes();
    void metricsAndSelectorsParseAlone();
    void functionsAreNinety();
    void numbersAreReadAsGoReadsThem_data();
    void numbersAreReadAsGoReadsThem();
    void theFirstErrorBecomesOurs();
    void clonesAreEqualAndApart();
};

void ParserTest::operatorsBindAsDocumented_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("tree");
    QTest::newRow("product first") << QByteArray("a + b * c") << QByteArray("(a + (b * c))");
    QTest::newRow("left to right") << QByteArray("a - b - c") << QByteArray("((a - b) - c)");
    QTest::newRow("power to the right") << QByteArray("a ^ b ^ c") << QByteArray("(a ^ (b ^ c))");
    QTest::newRow("minus below power") << QByteArray("-a ^ b") << QByteArray("-{(a ^ b)}");
    QTest::newRow("minus above product") << QByteArray("-a * b") << QByteArray("(-{a} * b)");
    QTest::newRow("minus on the right")
        << QByteArray("a ^ -b * c") << QByteArray("((a ^ -{b}) * c)");
    QTest::newRow("sets loosest") << QByteArray("a or b and c == d")
                                  << QByteArray("(a or (b and (c == d)))");
    QTest::newRow("atan2 as product")
        << QByteArray("a atan2 b + c") << QByteArray("((a atan2 b) + c)");
    QTest::newRow("trim as comparison") << QByteArray("a + b </ c") << QByteArray("((a + b) </ c)");
    QTest::newRow("offset tightest")
        << QByteArray("a + b offset 5m") << QByteArray("(a + b offset 5m)");
    QTest::newRow("offset ends at its literal")
        << QByteArray("a offset -2 ^ 2") << QByteArray("(a offset -2s ^ 2)");
}

void ParserTest::operatorsBindAsDocumented()
{
    QFETCH(QByteArray, query);
    const auto parsed = parseExpr(query.toStdString());
    QVERIFY2(parsed.ok(), qPrintable(firstError(query.toStdString())));
    QTEST(QByteArray::fromStdString(shape(*parsed.value)), "tree");
}

void ParserTest::errorsSayWhereAndWhat_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* query, const char* error) {
        QTest::newRow(query) << QByteArray(query) << QString::fromUtf8(error);
    };
    row(" ", "1:1: parse error: no expression found in input");
    row("a +", "1:4: parse error: unexpected end of input");
    row("a\n+ *", "2:3: parse error: unexpected <op:*>");
    row("foo bar", "1:5: parse error: unexpected identifier \"bar\"");
    row("foo{a}",
        "1:6: parse error: unexpected \"}\" in label matching, expected label matching operator");
    row("foo{a=1}", "1:7: parse error: unexpected character inside braces: '1'");
    row("foo{a=b}",
        "1:7: parse error: unexpected identifier \"b\" in label matching, expected string");
    row("foo{\"a\"=b}",
        "1:9: parse error: unexpected identifier \"b\" in label matching, expected string");
    row("foo{a=\"b\" c}",
        "1:11: parse error: unexpected identifier \"c\" in label matching, expected \",\" or "
        "\"}\"");
    row("foo{=}",
        "1:5: parse error: unexpected \"=\" in label matching, expected identifier or \"}\"");
    row("foo{a=~\"(\"}", "1:5: parse error: error parsing regexp: missing ): ^(?s:()$: `(`");
    row("sum by a (b)",
        "1:8: parse error: unexpected identifier \"a\" in grouping opts, expected \"(\"");
    row("sum by (a b) (c)",
        "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or \")\"");
    row("sum by (1) (c)",
        "1:9: parse error: unexpected number \"1\" in grouping opts, expected label");
    row("sum by (\"\") (c)", "1:9: parse error: invalid label name for grouping: \"\"");
    row("sum by (a) c", "1:12: parse error: unexpected identifier \"c\" in aggregation");
    row("sum()", "1:1: parse error: no arguments for aggregate expression provided");
    row("topk(a)",
        "1:1: parse error: wrong number of arguments for aggregate expression provided, expected "
        "2, got 1");
    row("topk(a, b)",
        "1:6: parse error: expected type scalar in aggregation parameter, got instant vector");
    row("count_values(1, b)",
        "1:14: parse error: expected type string in aggregation parameter, got scalar");
    row("sum(a[5m])",
        "1:5: parse error: expected type instant vector in aggregation expression, got range "
        "vector");
    row("nope(a)", "1:1: parse error: unknown function with name \"nope\"");
    row("rate(a)",
        "1:6: parse error: expected type range vector in call to function \"rate\", got instant "
        "vector");
    row("rate()", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0");
    row("round(a, 1, 2)",
        "1:1: parse error: expected at most 2 argument(s) in call to \"round\", got 3");
    row("label_join(a)",
        "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 1");
    row("abs(a,)", "1:6: parse error: trailing commas not allowed in function call args");
    row("info(a, b)",
        "1:9: parse error: expected label selectors only, got vector selector instead");
    row("a[5m", "1:5: parse error: unclosed left bracket");
    row("a[b]", "1:3: parse error: unexpected character in duration expression: 'b'");
    row("a[]",
        "1:3: parse error: unexpected \"]\" in subquery or range selector, expected number, "
        "duration, step(), or range()");
    row("a[5m 3m]",
        "1:6: parse error: unexpected duration \"3m\" in subquery or range, expected \":\" or "
        "\"]\"");
    row("a[5m:3m 1m]",
        "1:9: parse error: unexpected duration \"1m\" in subquery selector, expected \"]\"");
    row("a[5m:*]",
        "1:6: parse error: unexpected <op:*> in subquery selector, expected number, duration, "
        "step(), range(), or \"]\"");
    row("a[0]", "1:3: parse error: duration must be greater than 0");
    row("a[1m2h]", "1:3: parse error: not a valid duration string: \"1m2h\"");
    row("a[step()/0]", "1:9: parse error: division by zero");
    row("a[5m%0]", "1:5: parse error: modulo by zero");
    row("a[1e11]", "1:3: parse error: duration out of range");
    row("(a)[5m]", "1:4: parse error: ranges only allowed for vector selectors");
    row("a offset 1m [5m]", "1:13: parse error: no offset modifiers allowed before range");
    row("a @ 1 [5m]", "1:7: parse error: no @ modifiers allowed before range");
    row("a offset",
        "1:9: parse error: unexpected end of input in offset, expected number, duration, step(), "
        "or range()");
    row("a offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times");
    row("1 offset 1m",
        "1:1: parse error: offset modifier must be preceded by an instant vector selector or range "
        "vector selector or a subquery");
    row("a @ b", "1:5: parse error: unexpected identifier \"b\" in @, expected timestamp");
    row("a @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times");
    row("1 @ 1",
        "1:1: parse error: @ modifier must be preceded by an instant vector selector or range "
        "vector selector or a subquery");
    row("a @ Inf", "1:1: parse error: timestamp out of bounds for @ modifier: +Inf");
    row("a anchored smoothed",
        "1:1: parse error: anchored and smoothed modifiers cannot be used together");
    row("a[5m:] smoothed", "1:1: parse error: smoothed modifier is not supported for subqueries");
    row("(a) anchored", "1:1: parse error: anchored modifier not implemented");
    row("a[5m][5m:]",
        "1:1: parse error: subquery is only allowed on instant vector, got matrix instead");
    row("-\"a\"",
        "1:1: parse error: unary expression only allowed on expressions of type scalar or instant "
        "vector, got \"string\"");
    row("a + \"b\"",
        "1:5: parse error: binary expression must contain only scalar and instant vector types");
    row("1 == 2", "1:3: parse error: comparisons between scalars must use BOOL modifier");
    row("a + bool b", "1:3: parse error: bool modifier can only be used on comparison operators");
    row("a + on(b) 1", "1:1: parse error: vector matching only allowed between instant vectors");
    row("a + fill(0) 1",
        "1:1: parse error: filling in missing series only allowed between instant vectors");
    row("a or fill(0) b",
        "1:1: parse error: filling in missing series not allowed for set operators");
    row("a or on(c) group_left b", "1:1: parse error: no grouping allowed for \"or\" operation");
    row("a + on(c) group_left(c) b",
        "1:3: parse error: label \"c\" must not occur in ON and GROUP clause at once");
    row("a and 1",
        "1:1: parse error: set operator \"and\" not allowed in binary scalar expression");
    row("a{__name__=\"b\"}", "1:1: parse error: metric name must not be set twice: \"a\" or \"b\"");
    row("{a=\"\"}",
        "1:1: parse error: vector selector must contain at least one non-empty matcher");
    row("0x1ffffffffffffffff",
        "1:1: parse error: error parsing number: strconv.ParseFloat: parsing "
        "\"0x1ffffffffffffffff\": invalid syntax");
}

void ParserTest::errorsSayWhereAndWhat()
{
    QFETCH(QByteArray, query);
    if (query == " ") {
        QCOMPARE(firstError(" "), "1:1: parse error: no expression found in input");
        QCOMPARE(firstError(""), "unknown position: parse error: no expression found in input");
        return;
    }
    QTEST(firstError(query.toStdString()), "error");
}

void ParserTest::errorsAfterTheFirstAreKept()
{
    const auto twice = parseExpr("rate(a[1m])[1h] @ 100");
    QCOMPARE(twice.errors.size(), size_t(2));
    QCOMPARE(twice.errors[1].range, (PosRange { 0, 15 }));
    // A token that was complained about once is dropped in silence.
    QCOMPARE(parseExpr("foo{,}").errors.size(), size_t(1));
    QCOMPARE(parseExpr("sum by (,) (a)").errors.size(), size_t(1));
    QCOMPARE(parseExpr("a ] )").errors.size(), size_t(1));
}

void ParserTest::experimentalPartsAreOffUnlessAskedFor_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("error");
    QTest::newRow("function") << QByteArray("mad_over_time(a[5m])")
                              << "1:1: parse error: function \"mad_over_time\" is not enabled";
    QTest::newRow("aggregation")
        << QByteArray("limitk(1, a)")
        << "1:1: parse error: limitk() is experimental and must be enabled with "
           "--enable-feature=promql-experimental-functions";
    QTest::newRow("anchored") << QByteArray(
        "a anchored") << "1:1: parse error: anchored modifier is experimental and not enabled";
    QTest::newRow("fill")
        << QByteArray("a + fill(0) b")
        << "1:1: parse error: binop fill modifiers are experimental and not enabled";
    QTest::newRow("duration") << QByteArray(
        "a[2 * 5m]") << "1:3: parse error: experimental duration expression is not enabled";
}

void ParserTest::experimentalPartsAreOffUnlessAskedFor()
{
    QFETCH(QByteArray, query);
    ParseOptions options;
    options.durationExpressions = false;
    QTEST(firstError(query.toStdString(), options), "error");
    QCOMPARE(firstError(query.toStdString()), "accepted");
}

void ParserTest::selectorsTakeTheirModifiers()
{
    const auto parsed = parseExpr("up{job=\"a\"}[5m] @ end() offset -1m");
    QVERIFY(parsed.ok());
    const auto* matrix = as<MatrixSelector>(parsed.value.get());
    QVERIFY(matrix);
    QCOMPARE(matrix->span, std::chrono::minutes(5));
    QCOMPARE(matrix->vector().time.originalOffset, std::chrono::minutes(-1));
    QVERIFY(matrix->vector().time.atAnchor == AtAnchor::End);
    QCOMPARE(matrix->vector().matchers.back().name(), std::string("__name__"));
    const auto at = parseExpr("up @ 1.5");
    QCOMPARE(as<VectorSelector>(at.value.get())->time.timestampMs, std::optional<int64_t>(1500));
}

void ParserTest::durationExpressionsStayOnTheNode()
{
    const auto parsed = parseExpr("a[max_of(step(), 5m) * 2:step()] offset -range()");
    QVERIFY(parsed.ok());
    const auto* subquery = as<Subquery>(parsed.value.get());
    QVERIFY(subquery->spanExpr && subquery->stepExpr && subquery->time.offsetExpr);
    QVERIFY(subquery->spanExpr->op == DurationOp::Mul);
    QVERIFY(subquery->stepExpr->op == DurationOp::Step);
    QVERIFY(subquery->time.offsetExpr->op == DurationOp::Minus);
}

void ParserTest::vectorMatchingIsKeptOnlyBetweenVectors()
{
    const auto scalar = parseExpr("a + 1");
    QVERIFY(!as<BinaryExpr>(scalar.value.get())->matching);
    const auto sets = parseExpr("a and b");
    QVERIFY(as<BinaryExpr>(sets.value.get())->matching->cardinality == Cardinality::ManyToMany);
    const auto grouped = parseExpr(
        "a / on(x, \"y z\") group_right(w) fill_right(2) b", ParseOptions::everything());
    const auto& matching = *as<BinaryExpr>(grouped.value.get())->matching;
    QVERIFY(matching.cardinality == Cardinality::OneToMany && matching.on);
    QCOMPARE(matching.matchingLabels, (std::vector<std::string> { "x", "y z" }));
    QCOMPARE(matching.include, (std::vector<std::string> { "w" }));
    QVERIFY(!matching.fillLeft && matching.fillRight == 2.0);
}

void ParserTest::nodesKnowTheirBytes()
{
    const auto parsed = parseExpr(" (sum(a) by (b) ) ");
    QCOMPARE(parsed.value->range, (PosRange { 1, 17 }));
    QCOMPARE(childrenOf(*parsed.value)[0]->range, (PosRange { 2, 15 }));
    const auto call = parseExpr("(sum(a) )");
    QCOMPARE(childrenOf(*call.value)[0]->range, (PosRange { 1, 7 }));
}

void ParserTest::metricsAndSelectorsParseAlone()
{
    const auto metric = parseMetric("up{job=\"a\", \"b c\"=\"d\"}");
    QVERIFY(metric.ok());
    QCOMPARE(metric.value.toString(), std::string("{__name__=\"up\", \"b c\"=\"d\", job=\"a\"}"));
    QCOMPARE(describe(parseMetric("up{a=}").errors.at(0), "up{a=}"),
        std::string("1:6: parse error: unexpected \"}\" in label set, expected string"));
    const auto selector = parseMetricSelector("up{a=~\"b|c\"}");
    QVERIFY(selector.ok());
    QCOMPARE(selector.value.size(), size_t(2));
    QVERIFY(!parseMetricSelector("up + 1").ok());
    QVERIFY(!parseMetricSelector("").ok());
}

void ParserTest::functionsAreNinety()
{
    const auto all = functions();
    const auto experimental
        = std::count_if(all.begin(), all.end(), [](const Function& f) { return f.experimental; });
    QCOMPARE(all.size(), size_t(90));
    QCOMPARE(experimental, 17);
    for (const Function& function : all)
        QCOMPARE(findFunction(function.name), &function);
    QVERIFY(!findFunction("Rate") && !findFunction(""));
    QCOMPARE(findFunction("histogram_quantiles")->argumentsMax(), std::optional<size_t>(12));
    QCOMPARE(findFunction("label_join")->argumentType(7), ValueType::String);
}

void ParserTest::numbersAreReadAsGoReadsThem_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("decimal") << QByteArray("1.5e3") << 1500.0;
    QTest::newRow("hexadecimal") << QByteArray("0x1_F") << 31.0;
    QTest::newRow("octal") << QByteArray("017") << 15.0;
    QTest::newRow("not octal") << QByteArray("089") << 89.0;
    QTest::newRow("underscores") << QByteArray("1_000.5") << 1000.5;
    QTest::newRow("infinity") << QByteArray("iNf") << HUGE_VAL;
}

void ParserTest::numbersAreReadAsGoReadsThem()
{
    QFETCH(QByteArray, text);
    QFETCH(double, value);
    const auto parsed = parseNumber(text.toStdString());
    QVERIFY(parsed.has_value());
    QCOMPARE(*parsed, value);
    QVERIFY(!parseNumber("1__0"));
}

void ParserTest::theFirstErrorBecomesOurs()
{
    const auto result = promql::parse("a\n  + * b");
    QVERIFY(!result);
    QCOMPARE(result.error().message, std::string("2:5: parse error: unexpected <op:*>"));
    QCOMPARE(result.error().position, std::optional(Position { 2, 5 }));
}

void ParserTest::clonesAreEqualAndApart()
{
    const std::string query = "topk(3, -x{y!=\"z\"} offset 1m) / on (a) group_left (b) "
                              "max_over_time((y @ start())[5m:step()])";
    const auto valid = parseExpr(query);
    QVERIFY2(valid.ok(), qPrintable(firstError(query)));
    const ExprPtr copy = clone(*valid.value);
    QCOMPARE(print(*copy), print(*valid.value));
    QVERIFY(copy.get() != valid.value.get());
    QCOMPARE(copy->depth, valid.value->depth);
}

QTEST_GUILESS_MAIN(ParserTest)
#include "tst_parser.moc"
