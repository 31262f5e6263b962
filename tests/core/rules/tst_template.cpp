// Templates as rules use them: the language, the functions, the messages and the bounds.
#include "core/rules/template.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace fleetglass;
using namespace fleetglass::rules;

namespace {

TemplateData sampleData()
{
    TemplateData data;
    data.labels = { { "instance", "web-1:9100" }, { "job", "node" } };
    data.externalLabels = { { "site", "attic" } };
    data.externalUrl = "http://localhost:9090/fleet";
    data.value = 0.875;
    return data;
}

TemplateContext sampleContext()
{
    TemplateContext context;
    context.name = "t";
    context.timeMs = 1'700'000'000'500;
    context.query = [](const std::string& expression) -> Result<std::vector<TemplateSample>> {
        if (expression == "broken")
            return failure("no such thing");
        std::vector<TemplateSample> samples;
        if (expression != "none") {
            samples.push_back({ { { "disk", "sdb" } }, 2, nullptr });
            samples.push_back({ { { "disk", "sda" } }, 1, nullptr });
        }
        return samples;
    };
    return context;
}

QString expand(const std::string& text, bool html = false)
{
    auto context = sampleContext();
    context.html = html;
    const auto result = expandTemplate(text, sampleData(), context);
    return QString::fromStdString(result ? *result : "! " + result.error().message);
}

} // namespace

class TemplateTest : public QObject
{
    Q_OBJECT
private slots:
    void expands_data();
    void expands();
    void mistakesSayWhereTheyAre_data();
    void mistakesSayWhereTheyAre();
    void columnsCountThePreludeOfRules();
    void htmlModeEscapesWhatIsNotSafe();
    void outputIsBounded();
    void stepsAreBounded();
    void queriesAreBounded();
    void recursionIsBounded();
    void nestingIsBounded();
    void mapsWithinMapsAreBounded();
    void textsThatDoubleAreBounded();
    void aStopEndsTheExpansion();
    void checkNamesWhatIsWrong();
    void readLabelsAreFound();
};

void TemplateTest::expands_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    // Text, trims, comments.
    row("plain", "plain");
    row("a {{- 1 -}} b", "a1b");
    row("a{{/* note */}}b", "ab");
    row("a {{- /* note */ -}} b", "ab");
    row("{{`raw \\n`}}", "raw \\n");
    // Data.
    row("{{ $labels.instance }} {{ .Labels.job }}", "web-1:9100 node");
    row("[{{ $labels.missing }}]", "[]");
    row("{{ $value }} {{ .Value }}", "0.875 0.875");
    row("{{ $externalLabels.site }} {{ $externalURL }}", "attic http://localhost:9090/fleet");
    row("{{ $labels }}", "map[instance:web-1:9100 job:node]");
    row("{{ $.Labels.job }}", "node");
    // Literals.
    row("{{ 0x10 }} {{ 1_000 }} {{ 0b11 }} {{ 'a' }} {{ 1e3 }} {{ 1.5 }} {{ -7 }}",
        "16 1000 3 97 1000 1.5 -7");
    row("{{ true }} {{ \"q\\\"\" }}", "true q\"");
    row("{{ 1000000.0 }} {{ 123456789.5 }}", "1e+06 1.234567895e+08");
    // Variables.
    row("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2");
    row("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1");
    // Control.
    row("{{ if gt $value 0.9 }}a{{ else if gt $value 0.5 }}b{{ else }}c{{ end }}", "b");
    row("{{ with $labels.job }}[{{ . }}]{{ end }}", "[node]");
    row("{{ with $labels.none }}x{{ else with $labels.job }}{{ . }}{{ else }}y{{ end }}", "node");
    row("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}",
        "instance=web-1:9100;job=node;");
    row("{{ range $i, $s := query \"q\" }}{{ $i }}{{ $s.Labels.disk }} {{ end }}", "0sdb 1sda ");
    row("{{ range query \"none\" }}x{{ else }}empty{{ end }}", "empty");
    row("{{ range 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ "
        ". }}{{ end }}",
        "02");
    row("{{ range $i := 3 }}{{ $i }}{{ end }}", "012");
    row("{{ define \"n\" }}<{{ . }}>{{ end }}{{ template \"n\" $labels.job }}", "<node>");
    row("{{ block \"b\" 7 }}{{ . }}{{ end }}", "7");
    row("{{ template \"e\" }}{{ define \"e\" }}{{ . }}{{ end }}", "<no value>");
    // Go's functions.
    row("{{ and 1 0 2 }} {{ or 0 \"\" \"x\" }} {{ not 1 }}", "0 x false");
    row("{{ or true (index $labels 1) }}", "true");
    row("{{ eq 1 2 1 }} {{ ne \"a\" \"b\" }} {{ le 1 1 }} {{ ge 2.5 2.0 }} {{ lt \"a\" \"b\" }}",
        "true true true true true");
    row("{{ len $labels }} {{ len \"äb\" }}", "2 3");
    row("{{ index $labels \"job\" }} {{ index \"abc\" 1 }}", "node 98");
    row("{{ slice \"abcdef\" 1 3 }}", "bc");
    row("{{ print 1 2 \"a\" 3 }}|{{ println \"a\" 1 }}", "1 2a3|a 1\n");
    row("{{ html \"<a&'\\\"\" }} {{ js \"it's <\" }} {{ urlquery \"a b&c\" }}",
        "&lt;a&amp;&#39;&#34; it\\'s \\u003C a+b%26c");
    // fmt.
    row("{{ printf \"%v %s %d %t\" 1.5 \"x\" 7 true }}", "1.5 x 7 true");
    row("{{ printf \"%.2f|%6.1f|%-6.1f|%06.1f|%+.1f\" 1.234 1.25 1.25 -1.25 2.0 }}",
        "1.23|   1.2|1.2   |-001.2|+2.0");
    row("{{ printf \"%g %e %G %.3g\" 1e21 1234.5 1e-7 1234.5 }}",
        "1e+21 1.234500e+03 1E-07 1.23e+03");
    row("{{ printf \"%x %X %o %b %#x %c %q %U\" 255 255 8 5 255 65 65 65 }}",
        "ff FF 10 101 0xff A 'A' U+0041");
    row("{{ printf \"%5d|%-5d|%05d|%+d|% d\" 42 42 42 42 42 }}", "   42|42   |00042|+42| 42");
    row("{{ printf \"%q %x %.2s %5s|%-5s|\" \"a\\n\" \"hi\" \"abc\" \"r\" \"l\" }}",
        "\"a\\n\" 6869 ab     r|l    |");
    row("{{ printf \"%T %T %T %T\" 1 1.5 \"a\" $labels }}", "int float64 string map[string]string");
    row("{{ printf \"%d %s %\" \"x\" 1 }}", "%!d(string=x) %!s(int=1) %!(NOVERB)");
    row("{{ printf \"%d %d\" 1 }} {{ printf \"%d\" 1 2 }}", "1 %!d(MISSING) 1%!(EXTRA int=2)");
    row("{{ printf \"%[2]d %[1]d %[5]d\" 1 2 }} {{ printf \"%*d%%\" 4 7 }}",
        "2 1 %!d(BADINDEX)    7%");
    row("{{ printf \"%s\" nil }} {{ printf \"%v\" nil }}", "%!s(<nil>) <nil>");
    row("{{ printf \"%+v %#v\" 1 \"q\" }} {{ query \"q\" | first | printf \"%v\" }} {{ query \"q\" "
        "| "
        "first }}",
        "1 \"q\" &{map[disk:sdb] 2} {map[disk:sdb] 2}");
    // Prometheus' functions.
    row("{{ humanize 1234567.0 }} {{ humanize 0.012 }} {{ humanize \"1500\" }} {{ humanize 1e30 }}",
        "1.235M 12m 1.5k 1e+06Y");
    row("{{ humanize1024 1536 }} {{ humanize1024 0.5 }}", "1.5ki 0.5");
    row("{{ humanizeDuration 93784 }} {{ humanizeDuration 0.0123 }} {{ humanizeDuration -61 }}",
        "1d 2h 3m 4s 12.3ms -1m 1s");
    row("{{ humanizePercentage $value }}", "87.5%");
    row("{{ humanizeTimestamp 1700000000 }}", "2023-11-14 22:13:20 +0000 UTC");
    row("{{ humanize \"NaN\" }} {{ humanizeDuration \"+Inf\" }} {{ humanizeTimestamp \"-Inf\" }}",
        "NaN +Inf -Inf");
    row("{{ now }} {{ (now | toTime).Format \"Mon, 02 Jan 2006 15:04:05.000 MST\" }}",
        "1.7000000005e+09 Tue, 14 Nov 2023 22:13:20.500 UTC");
    row("{{ (toTime 86400).Weekday }} {{ (toTime 0).Month }} {{ (toTime 0).YearDay }}",
        "Friday January 1");
    row("{{ ((toTime 0).AddDate 0 13 30).Format \"2006-01-02\" }}", "1971-03-03");
    row("{{ toTime 0 }} {{ toDuration 90.5 }}", "1970-01-01 00:00:00 +0000 UTC 1m30.5s");
    row("{{ (toTime 90).Sub (toTime 30) }} {{ (toDuration 5400).Hours }}", "1m0s 1.5");
    row("{{ parseDuration \"1h30m\" }} {{ (parseDuration \"-2m\") }}", "5400 -120");
    row("{{ title \"disk full now\" }} {{ toUpper \"aé\" }} {{ toLower \"AÄ\" }}",
        "Disk Full Now AÉ aä");
    row("{{ match \"we.-\\\\d\" $labels.instance }} {{ reReplaceAll \"(.*):.*\" \"$1\" "
        "$labels.instance }}",
        "true web-1");
    row("{{ stripPort $labels.instance }} {{ stripDomain \"a.b.c:80\" }} {{ stripDomain "
        "\"10.0.0.1:80\" }}",
        "web-1 a:80 10.0.0.1:80");
    row("{{ graphLink \"up == 0\" }} {{ tableLink \"up\" }}",
        "/graph?g0.expr=up+%3D%3D+0&g0.tab=0 /graph?g0.expr=up&g0.tab=1");
    row("{{ pathPrefix }} {{ externalURL }} {{ urlQueryEscape \"a/b\" }}",
        "/fleet http://localhost:9090/fleet a%2Fb");
    row("{{ query \"q\" | sortByLabel \"disk\" | first | label \"disk\" }}", "sda");
    row("{{ query \"q\" | first | value }} [{{ query \"q\" | first | strvalue }}]", "2 []");
    row("{{ with args 1 \"two\" }}{{ .arg0 }}{{ .arg1 }}{{ .arg2 }}{{ end }}", "1two<no value>");
    row("{{ safeHtml \"<b>\" }}", "<b>");
}

void TemplateTest::expands()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(expand(text.toStdString()), expected);
}

void TemplateTest::mistakesSayWhereTheyAre_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* text, const char* message) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(message);
    };
    row("{{ x }}", "template: t:1: function \"x\" not defined");
    row("{{ tmpl \"a\" . }}", "function \"tmpl\" not defined");
    row("{{ $x }}", "undefined variable \"$x\"");
    row("{{ if true }}", "template: t:1: unexpected EOF");
    row("a\n{{ end }}", "template: t:2: unexpected {{end}}");
    row("{{ if true }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}");
    row("{{ break }}", "{{break}} outside {{range}}");
    row("{{ ", "unclosed action");
    row("{{\n1\n", "unclosed action started at t:1");
    row("{{ \"a }}", "unterminated quoted string");
    row("{{ `a }}", "unterminated raw quoted string");
    row("{{ 'a }}", "unterminated character constant");
    row("{{ 'ab' }}", "malformed character constant: 'ab'");
    row("{{ (1 }}", "unclosed left paren");
    row("{{ 1) }}", "unexpected right paren");
    row("{{/* a }}", "unclosed comment");
    row("{{/* a */ b}}", "comment ends before closing delimiter");
    row("{{ 1x }}", "bad number syntax: \"1x\"");
    row("{{ 99999999999999999999 }}", "integer overflow: \"99999999999999999999\"");
    row("{{ a@b }}", "bad character U+0040 '@'");
    row("{{ $labels:b }}", "expected :=");
    row("{{ }}", "missing value for command");
    row("{{ 1 | 2 }}", "non executable command in pipeline stage 2");
    row("{{ range $a, $b, $c := . }}{{ end }}", "too many declarations in range");
    row("{{ \"a\".B }}", "unexpected . after term \"\\\"a\\\"\"");
    row("{{ template x }}", "unexpected \"x\" in template clause");
    row("{{ nil }}", "nil is not a command");
    row("{{ template \"none\" }}", "template \"none\" not defined");
    row("{{ .Banana }}", "can't evaluate field Banana in type struct { Labels");
    row("{{ $value.Foo }}", "can't evaluate field Foo in type float64");
    row("{{ 1 2 }}", "can't give argument to non-function 1");
    row("{{ label \"a\" 5 }}", "can't handle 5 for arg of type *template.sample");
    row("{{ title 5 }}", "expected string; found 5");
    row("{{ title $value }}", "wrong type for value; expected string; got float64");
    row("{{ title }}", "wrong number of args for title: want 1 got 0");
    row("{{ printf }}", "wrong number of args for printf: want at least 1 got 0");
    row("{{ gt $value 5 }}", "error calling gt: incompatible types for comparison");
    row("{{ lt true false }}", "error calling lt: invalid type for comparison");
    row("{{ eq 1 }}", "error calling eq: missing argument for comparison");
    row("{{ index \"abc\" 9 }}", "error calling index: index out of range: 9");
    row("{{ slice \"abc\" 2 1 }}", "error calling slice: invalid slice index: 2 > 1");
    row("{{ len 3 }}", "error calling len: len of type int");
    row("{{ query \"none\" | first }}",
        "at <first>: error calling first: first() called on vector with no elements");
    row("{{ query \"broken\" }}", "error calling query: no such thing");
    row("{{ humanize true }}", "error calling humanize: can't convert bool to float");
    row("{{ humanize \"x\" }}",
        "error calling humanize: strconv.ParseFloat: parsing \"x\": invalid syntax");
    row("{{ humanizeTimestamp 1e30 }}",
        "1e+30 cannot be represented as a nanoseconds timestamp since it overflows int64");
    row("{{ toTime \"NaN\" }}", "error calling toTime: value is NaN or Inf");
    row("{{ range $i, $e := 3 }}{{ end }}", "can't use 3 to iterate over more than one variable");
    row("{{ range true }}{{ end }}", "range can't iterate over true");
    row("{{ match \"(\" \"a\" }}", "error calling match: ");
}

void TemplateTest::mistakesSayWhereTheyAre()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    const QString got = expand(text.toStdString());
    QVERIFY2(got.startsWith(QLatin1String("! error ")), qPrintable(got));
    QVERIFY2(got.contains(message), qPrintable(got));
}

void TemplateTest::columnsCountThePreludeOfRules()
{
    // 112 bytes of definitions stand before the text of every rule.
    // The place of a chain of fields is its second field, as in Go.
    QVERIFY(expand("{{ .Foo.Bar | title }}")
                .startsWith(QLatin1String(
                    "! error executing template t: template: t:1:119: executing \"t\" at "
                    "<.Foo.Bar>: can't evaluate field Foo in type struct { Labels")));
    QVERIFY(expand("\n {{ .Foo }}")
                .contains(QLatin1String("template: t:2:4: executing \"t\" at <.Foo>")));
}

void TemplateTest::htmlModeEscapesWhatIsNotSafe()
{
    QCOMPARE(
        expand("{{ \"<b>+\" }}{{ safeHtml \"<i>\" }}", true), QStringLiteral("&lt;b&gt;&#43;<i>"));
    QCOMPARE(expand("{{ define \"a\" }}<{{ . }}>{{ end }}{{ tmpl \"a\" \"&\" }}", true),
        QStringLiteral("<&amp;>"));
    QVERIFY(expand("{{ tmpl \"zz\" 1 }}", true).contains(QLatin1String("\"zz\" is undefined")));
}

void TemplateTest::outputIsBounded()
{
    QVERIFY(expand("{{ range 70000 }}x{{ end }}")
                .contains(QLatin1String("output is longer than 65536 bytes")));
}

void TemplateTest::stepsAreBounded()
{
    QVERIFY(
        expand("{{ range 99999999 }}{{ end }}").contains(QLatin1String("more than 1000000 steps")));
}

void TemplateTest::queriesAreBounded()
{
    const std::string text = "{{ range 11 }}{{ $x := query \"q\" }}{{ end }}";
    QVERIFY(expand(text).contains(QLatin1String("more than 10 queries in one template")));
    QCOMPARE(expand("{{ range 10 }}{{ $x := query \"q\" }}{{ end }}"), QString());
}

void TemplateTest::recursionIsBounded()
{
    QVERIFY(expand("{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}")
                .contains(QLatin1String("exceeded maximum template depth (100)")));
    QVERIFY(expand("{{ define \"r\" }}{{ with 1 }}{{ with 1 }}{{ with 1 }}{{ with 1 }}{{ template "
                   "\"r\" }}{{ end }}{{ end }}{{ end }}{{ end }}{{ end }}{{ template \"r\" }}")
                .contains(QLatin1String("nested deeper than 400 levels")));
    QVERIFY(expand("{{ define \"r\" }}{{ tmpl \"r\" . }}{{ end }}{{ tmpl \"r\" . }}", true)
                .contains(QLatin1String("exceeded maximum template depth (100)")));
}

void TemplateTest::nestingIsBounded()
{
    const auto many = [](const char* text) {
        std::string all;
        for (int i = 0; i < 5000; ++i)
            all += text;
        return all;
    };
    const QLatin1String message("nested deeper than 100 levels");
    QVERIFY(expand("{{ " + many("(") + "1" + many(")") + " }}").contains(message));
    QVERIFY(expand(many("{{ if 1 }}")).contains(message));
    QVERIFY(expand("{{ if 0 }}" + many("{{ else if 0 }}") + "{{ end }}").contains(message));
}

void TemplateTest::mapsWithinMapsAreBounded()
{
    QVERIFY(expand("{{ $x := args 1 }}{{ range 200 }}{{ $x = args $x }}{{ end }}")
                .contains(QLatin1String("args within args deeper than 100 levels")));
    // Shared parts double with every round when printed.
    QVERIFY(expand("{{ $x := args 1 }}{{ range 90 }}{{ $x = args $x $x }}{{ end }}{{ $x }}")
                .contains(QLatin1String("output is longer than 65536 bytes")));
}

void TemplateTest::textsThatDoubleAreBounded()
{
    QVERIFY(expand("{{ $x := \"abc\" }}{{ range 60 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}")
                .contains(QLatin1String("a text of more than 65536 bytes")));
    QVERIFY(expand("{{ printf \"%999999d\" 1 }}")
                .contains(QLatin1String("a text of more than 65536 bytes")));
}

void TemplateTest::aStopEndsTheExpansion()
{
    std::stop_source source;
    source.request_stop();
    auto context = sampleContext();
    context.stop = source.get_token();
    const auto result = expandTemplate("{{ range 10 }}x{{ end }}", sampleData(), context);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
}

void TemplateTest::checkNamesWhatIsWrong()
{
    QVERIFY(!checkTemplate("{{ $labels.job }} is {{ $value | humanize }}"));
    QVERIFY(!checkTemplate("{{ query \"up\" | first | value }}")); // Runs nothing.
    QCOMPARE(QString::fromStdString(*checkTemplate("{{ humanise $value }}")),
        QStringLiteral("template: template:1: function \"humanise\" not defined"));
}

void TemplateTest::readLabelsAreFound()
{
    const std::vector<std::string> expected { "a", "b", "c", "d" };
    QCOMPARE(labelsReadBy("{{ $labels.b }}{{ if eq .Labels.a \"x\" }}{{ (print $.Labels.c) }}"
                          "{{ else }}{{ range query \"q\" }}{{ $labels.d }}{{ end }}{{ end }}"),
        expected);
    QVERIFY(labelsReadBy("{{ broken").empty());
}

QTEST_GUILESS_MAIN(TemplateTest)
#include "tst_template.moc"
