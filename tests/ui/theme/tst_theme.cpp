// Choice of theme, colours of series, fonts, plain text.
#include "tests/support/theme_fixture.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/series_colors.h"

#include <QApplication>
#include <QSet>
#include <QSignalSpy>
#include <QtTest>

using namespace fleetglass;
using namespace fleetglass::theme;

class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void theDesktopDecidesUntilTheUserDoes()
    {
        support::ThemeFixture themed;
        themed.theme.setChoice(ThemeChoice::System);
        themed.system.set(Scheme::Dark);
        QCOMPARE(themed.theme.scheme(), Scheme::Dark);
        themed.theme.setChoice(ThemeChoice::Light);
        QCOMPARE(themed.theme.scheme(), Scheme::Light);
        themed.system.set(Scheme::Light);
        themed.system.set(Scheme::Dark);
        QCOMPARE(themed.theme.scheme(), Scheme::Light);
        themed.theme.setChoice(ThemeChoice::System);
        QCOMPARE(themed.theme.scheme(), Scheme::Dark);
    }

    void switchingIsLiveAndToldOnce()
    {
        support::ThemeFixture themed;
        themed.theme.setChoice(ThemeChoice::Light);
        QWidget widget;
        widget.show();
        QSignalSpy changed(&themed.theme, &Theme::themeChanged);
        themed.theme.setChoice(ThemeChoice::Dark);
        themed.theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(changed.count(), 1);
        QTRY_COMPARE(schemeOf(widget.palette()), Scheme::Dark);
    }

    void aDesktopThatSaysNothingLeavesTheWindowsLightness()
    {
        QApplication::setPalette(paletteOf(tokens(Scheme::Dark)));
        support::FakeSystemScheme silent;
        silent.set(std::nullopt);
        Theme theme(silent);
        theme.apply();
        QCOMPARE(theme.scheme(), Scheme::Dark);
    }

    void aHostKeepsItsColourAfterARestart()
    {
        SeriesColors before;
        QStringList hosts;
        for (int i = 0; i < 50; ++i)
            hosts.append(QStringLiteral("host-%1:9100").arg(i));
        QVector<SeriesStyle> styles;
        for (const QString& host : hosts)
            styles.append(before.styleOf(host));
        SeriesColors after;
        after.restore(before.saved());
        // Asked in another order.
        for (qsizetype i = hosts.size(); i-- > 0;)
            QCOMPARE(after.styleOf(hosts[i]), styles[i]);
    }

    void theFirstTwelveHostsHaveTwelveColours()
    {
        SeriesColors colors;
        QSet<int> solid;
        for (int i = 0; i < 12; ++i) {
            const SeriesStyle style = colors.styleOf(QStringLiteral("web-%1").arg(i));
            QCOMPARE(style.pattern, Qt::SolidLine);
            solid.insert(style.slot);
        }
        QCOMPARE(solid.size(), 12);
        QCOMPARE(colors.styleOf(QStringLiteral("the thirteenth")).pattern, Qt::DashLine);
        for (int i = 0; i < 11; ++i)
            colors.styleOf(QStringLiteral("db-%1").arg(i));
        QCOMPARE(colors.styleOf(QStringLiteral("the twenty-fifth")).pattern, Qt::DotLine);
    }

    void theSlotComesFromTheNameNotFromTheOrder()
    {
        SeriesColors one;
        SeriesColors other;
        other.styleOf(QStringLiteral("zzz"));
        QCOMPARE(one.styleOf(QStringLiteral("web-07")).slot,
            SeriesColors().styleOf(QStringLiteral("web-07")).slot);
    }

    void damagedColoursAreLeftOut()
    {
        SeriesColors colors;
        colors.restore({ QStringLiteral("99 a"), QStringLiteral("-1 b"), QStringLiteral("x c"),
            QStringLiteral(""), QStringLiteral("3"), QStringLiteral("4 good host") });
        QCOMPARE(colors.saved(), QStringList { QStringLiteral("4 good host") });
    }

    void numbersHaveDigitsOfOneWidth()
    {
        support::ThemeFixture themed;
        QVERIFY(hasTabularDigits(numericFont(font(TextRole::Body))));
    }

    void textZoomMovesEveryRole()
    {
        support::ThemeFixture themed;
        QCOMPARE(font(TextRole::ViewTitle).pointSizeF(), 13.0);
        themed.theme.setTextZoom(2);
        QCOMPARE(font(TextRole::ViewTitle).pointSizeF(), 26.0);
        QCOMPARE(scaledHeight(22), 44);
        themed.theme.setTextZoom(100);
        QCOMPARE(themed.theme.textZoom(), 3.0);
        themed.theme.setTextZoom(1);
        QCOMPARE(scaledHeight(22), 22);
    }

    void externalTextIsClippedAndHarmless_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << QStringLiteral("web-07") << QStringLiteral("web-07");
        QTest::newRow("newline") << QStringLiteral("a\nb") << QStringLiteral("a b");
        QTest::newRow("control") << QStringLiteral("a\u0007b") << QStringLiteral("a\ufffdb");
        QTest::newRow("turns the line") << QStringLiteral("a\u202Eb") << QStringLiteral("a\ufffdb");
        QTest::newRow("long") << QString(300, QLatin1Char('x'))
                              << QString(255, QLatin1Char('x')) + QChar(0x2026);
    }

    void externalTextIsClippedAndHarmless()
    {
        QFETCH(QString, given);
        QFETCH(QString, shown);
        QCOMPARE(theme::shown(given), shown);
        QCOMPARE(theme::shown(std::string_view(given.toStdString())), shown);
    }

    void toolTipsEscapeMarkup()
    {
        const QString tip = theme::tip(QStringLiteral("<img src=/tmp/fifo> a < b && c > d"));
        QVERIFY(!tip.contains(QStringLiteral("<img")));
        QVERIFY(tip.contains(QStringLiteral("&lt;img")));
        QCOMPARE(theme::tip({}), QString());
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
