// Every colour of the specification keeps its contrast, the series palette stays apart under
// simulated colour blindness, and no state is told by colour alone.
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/tokens.h"

#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QtTest>
#include <array>
#include <cmath>

using namespace fleetglass::theme;

namespace {

using Rgb = std::array<double, 3>;

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

Rgb linearRgb(const QColor& color)
{
    return { linear(color.redF()), linear(color.greenF()), linear(color.blueF()) };
}

// WCAG 2.1, relative luminance.
double luminance(const QColor& color)
{
    const Rgb rgb = linearRgb(color);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

// Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB.
using Matrix = std::array<Rgb, 3>;
constexpr Matrix kProtan { { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
    { -0.003882, -0.048116, 1.051998 } } };
constexpr Matrix kDeutan { { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
    { -0.011820, 0.042940, 0.968881 } } };
constexpr Matrix kTritan { { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
    { 0.004733, 0.691367, 0.303900 } } };

Rgb simulated(const Rgb& rgb, const Matrix& matrix)
{
    Rgb result {};
    for (size_t row = 0; row < 3; ++row) {
        for (size_t column = 0; column < 3; ++column)
            result[row] += matrix[row][column] * rgb[column];
        result[row] = std::clamp(result[row], 0.0, 1.0);
    }
    return result;
}

Rgb lab(const Rgb& rgb)
{
    const auto f = [](double t) {
        return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
    };
    const double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
    const double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
    const double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;
    return { 116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z)) };
}

double radians(double degrees)
{
    return degrees * M_PI / 180;
}

double hue(double b, double a)
{
    const double h = std::atan2(b, a) * 180 / M_PI;
    return h < 0 ? h + 360 : h;
}

// CIEDE2000 (Sharma, Wu, Dalal 2005).
double deltaE(const Rgb& p, const Rgb& q)
{
    const double cBar = (std::hypot(p[1], p[2]) + std::hypot(q[1], q[2])) / 2;
    const double g
        = 0.5 * (1 - std::sqrt(std::pow(cBar, 7) / (std::pow(cBar, 7) + std::pow(25, 7))));
    const double a1 = p[1] * (1 + g);
    const double a2 = q[1] * (1 + g);
    const double c1 = std::hypot(a1, p[2]);
    const double c2 = std::hypot(a2, q[2]);
    const double h1 = hue(p[2], a1);
    const double h2 = hue(q[2], a2);
    double dh = h2 - h1;
    if (dh > 180)
        dh -= 360;
    if (dh < -180)
        dh += 360;
    const double dL = q[0] - p[0];
    const double dC = c2 - c1;
    const double dH = 2 * std::sqrt(c1 * c2) * std::sin(radians(dh / 2));
    const double lMean = (p[0] + q[0]) / 2;
    const double cMean = (c1 + c2) / 2;
    double hMean = (h1 + h2) / 2;
    if (std::abs(h1 - h2) > 180)
        hMean += h1 + h2 < 360 ? 180 : -180;
    const double t = 1 - 0.17 * std::cos(radians(hMean - 30)) + 0.24 * std::cos(radians(2 * hMean))
        + 0.32 * std::cos(radians(3 * hMean + 6)) - 0.20 * std::cos(radians(4 * hMean - 63));
    const double sL = 1 + 0.015 * std::pow(lMean - 50, 2) / std::sqrt(20 + std::pow(lMean - 50, 2));
    const double sC = 1 + 0.045 * cMean;
    const double sH = 1 + 0.015 * cMean * t;
    const double rT = -2 * std::sqrt(std::pow(cMean, 7) / (std::pow(cMean, 7) + std::pow(25, 7)))
        * std::sin(radians(60 * std::exp(-std::pow((hMean - 275) / 25, 2))));
    return std::sqrt(std::pow(dL / sL, 2) + std::pow(dC / sC, 2) + std::pow(dH / sH, 2)
        + rT * (dC / sC) * (dH / sH));
}

QImage drawn(Glyph glyph)
{
    QImage image(32, 32, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paintGlyph(painter, glyph, QRectF(0, 0, 32, 32), Qt::black);
    return image;
}

int differingPixels(const QImage& a, const QImage& b)
{
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            count += std::abs(qAlpha(a.pixel(x, y)) - qAlpha(b.pixel(x, y))) > 96;
    }
    return count;
}

} // namespace

class TestTokens : public QObject
{
    Q_OBJECT

private slots:
    void textIsReadable_data()
    {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<double>("floor");
        for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
            const Tokens& t = tokens(scheme);
            const char* name = scheme == Scheme::Light ? "light" : "dark";
            const auto row
                = [&](const char* what, const QColor& ink, const QColor& ground, double floor) {
                      QTest::addRow("%s %s", name, what) << ink << ground << floor;
                  };
            for (const auto& [where, ground] : { std::pair("surface", t.surface),
                     std::pair("window", t.window), std::pair("raised", t.raised) }) {
                row(qPrintable(QStringLiteral("text on %1").arg(QLatin1String(where))), t.text,
                    ground, 4.5);
                row(qPrintable(QStringLiteral("muted on %1").arg(QLatin1String(where))), t.muted,
                    ground, 4.5);
            }
            row("faint on surface", t.faint, t.surface, 4.5);
            row("faint on window", t.faint, t.window, 4.5);
            row("accent on surface", t.accent, t.surface, 4.5);
            row("text on the accent", t.onAccent, t.accent, 4.5);
            row("text on selection", t.text, t.selection, 4.5);
            row("outline of controls", t.control, t.surface, 3.0);
            row("outline of focus", t.accent, t.window, 3.0);
            for (const State state : kAllStates) {
                const StateColors& colors = t.of(state);
                const QByteArray word = stateWord(state).toUtf8();
                row((word + " on surface").constData(), colors.text, t.surface, 4.5);
                row((word + " on window").constData(), colors.text, t.window, 4.5);
                row((word + " on its tint").constData(), colors.text, colors.tint, 4.5);
                row(("text on the tint of " + word).constData(), t.text, colors.tint, 4.5);
                row(("muted on the tint of " + word).constData(), t.muted, colors.tint, 4.5);
                if (colors.solid.isValid())
                    row(("solid chip of " + word).constData(), colors.solidText, colors.solid, 4.5);
            }
            for (size_t slot = 0; slot < t.series.size(); ++slot)
                QTest::addRow("%s series %zu", name, slot + 1)
                    << t.series[slot] << t.surface << 3.0;
        }
    }

    void textIsReadable()
    {
        QFETCH(QColor, ink);
        QFETCH(QColor, ground);
        QFETCH(double, floor);
        QVERIFY2(contrast(ink, ground) >= floor,
            qPrintable(QStringLiteral("%1 on %2: %3")
                           .arg(ink.name(), ground.name())
                           .arg(contrast(ink, ground))));
    }

    void specifiedRatiosHold()
    {
        const auto near = [](double got, double wanted) { return std::abs(got - wanted) < 0.06; };
        const Tokens& light = tokens(Scheme::Light);
        QVERIFY(near(contrast(light.text, light.surface), 16.3));
        QVERIFY(near(contrast(light.muted, light.surface), 7.4));
        QVERIFY(near(contrast(light.faint, light.surface), 5.5));
        QVERIFY(near(contrast(light.control, light.surface), 3.9));
        QVERIFY(near(contrast(light.accent, light.surface), 6.6));
        const Tokens& dark = tokens(Scheme::Dark);
        QVERIFY(near(contrast(dark.text, dark.surface), 13.8));
        QVERIFY(near(contrast(dark.muted, dark.surface), 7.9));
        QVERIFY(near(contrast(dark.faint, dark.surface), 6.2));
        QVERIFY(near(contrast(dark.control, dark.surface), 4.5));
        QVERIFY(near(contrast(dark.accent, dark.surface), 7.5));
    }

    void colourDifferenceIsTheStandardOne()
    {
        // Pairs 1, 7 and 17 of the data published with the formula.
        QVERIFY(std::abs(deltaE({ 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }) - 2.0425) < 1e-3);
        QVERIFY(std::abs(deltaE({ 50, 0, 0 }, { 50, -1, 2 }) - 2.3669) < 1e-3);
        QVERIFY(std::abs(deltaE({ 50, 2.5, 0 }, { 73, 25, -18 }) - 27.1492) < 1e-3);
    }

    void seriesStayApartForEveryEye_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<int>("eye");
        for (const int scheme : { 0, 1 }) {
            for (const int eye : { 0, 1, 2 })
                QTest::addRow("%s %s", scheme == 0 ? "light" : "dark",
                    eye == 0       ? "protan"
                        : eye == 1 ? "deutan"
                                   : "tritan")
                    << scheme << eye;
        }
    }

    void seriesStayApartForEveryEye()
    {
        QFETCH(int, scheme);
        QFETCH(int, eye);
        const Matrix& matrix = eye == 0 ? kProtan : eye == 1 ? kDeutan : kTritan;
        const auto& series = tokens(static_cast<Scheme>(scheme)).series;
        for (size_t i = 0; i < series.size(); ++i) {
            for (size_t j = i + 1; j < series.size(); ++j) {
                const double distance = deltaE(lab(simulated(linearRgb(series[i]), matrix)),
                    lab(simulated(linearRgb(series[j]), matrix)));
                QVERIFY2(distance >= 11,
                    qPrintable(
                        QStringLiteral("slots %1 and %2: %3").arg(i + 1).arg(j + 1).arg(distance)));
            }
        }
    }

    void noStateIsToldByColourAlone()
    {
        for (const State a : kAllStates) {
            QVERIFY(!stateWord(a).isEmpty());
            for (const State b : kAllStates) {
                if (a == b)
                    continue;
                QVERIFY(stateWord(a) != stateWord(b));
                // In one colour the shapes themselves differ.
                QVERIFY2(differingPixels(drawn(glyphOf(a)), drawn(glyphOf(b))) > 60,
                    qPrintable(stateWord(a) + QStringLiteral(" and ") + stateWord(b)));
            }
        }
    }

    void everyGlyphDrawsSomethingInsideItsBox()
    {
        for (int glyph = 0; glyph <= static_cast<int>(Glyph::Dot); ++glyph) {
            const QImage image = drawn(static_cast<Glyph>(glyph));
            int inked = 0;
            for (int y = 0; y < 32; ++y) {
                for (int x = 0; x < 32; ++x)
                    inked += qAlpha(image.pixel(x, y)) > 64;
            }
            QVERIFY2(inked > 20, qPrintable(QString::number(glyph)));
        }
    }

    void paletteLeadsBackToItsTokens()
    {
        for (const Scheme scheme : { Scheme::Light, Scheme::Dark })
            QCOMPARE(&tokensOf(paletteOf(tokens(scheme))), &tokens(scheme));
    }

    void selectedRowsTakeTheTextColour()
    {
        const Tokens& t = tokens(Scheme::Dark);
        QCOMPARE(colorOf(Ink::Critical, t, true), t.text);
        QCOMPARE(colorOf(Ink::Critical, t, false), t.of(State::Critical).text);
        QCOMPARE(colorOf(inkOf(State::Shell), t), t.of(State::Shell).text);
    }
};

QTEST_MAIN(TestTokens)
#include "tst_tokens.moc"
