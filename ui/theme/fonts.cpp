#include "ui/theme/fonts.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <algorithm>

namespace fleetglass::theme {

namespace {

constexpr double kBodyPoints = 9.0;

double zoomNow()
{
    const double points = QApplication::font().pointSizeF();
    return points > 0 ? points / kBodyPoints : 1.0;
}

QFont sized(QFont base, double points, QFont::Weight weight = QFont::Normal)
{
    base.setPointSizeF(points * zoomNow());
    base.setWeight(weight);
    return base;
}

QFont fixedFamily()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setStyleHint(QFont::Monospace);
    return fixed;
}

} // namespace

void applyApplicationFont(double zoom)
{
    QFont general = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    general.setPointSizeF(kBodyPoints * std::clamp(zoom, 0.5, 3.0));
    QApplication::setFont(general);
}

QFont font(TextRole role)
{
    const QFont general = QApplication::font();
    switch (role) {
    case TextRole::Axis:
        return sized(general, 8);
    case TextRole::Body:
        return sized(general, 9);
    case TextRole::Strong:
        return sized(general, 9, QFont::DemiBold);
    case TextRole::Editor:
        return sized(fixedFamily(), 10);
    case TextRole::Raw:
        return sized(fixedFamily(), 9);
    case TextRole::ChartTitle:
        return sized(general, 10, QFont::DemiBold);
    case TextRole::ViewTitle:
        return sized(general, 13, QFont::DemiBold);
    case TextRole::Tile:
        return sized(general, 20, QFont::Medium);
    case TextRole::Wall:
        return sized(general, 36, QFont::Medium);
    }
    return general;
}

bool hasTabularDigits(const QFont& font)
{
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '1'; digit <= '9'; ++digit) {
        if (std::abs(metrics.horizontalAdvance(QLatin1Char(digit)) - width) > 0.01)
            return false;
    }
    return true;
}

QFont numericFont(const QFont& font)
{
    if (hasTabularDigits(font))
        return font;
    QFont fixed = fixedFamily();
    fixed.setPointSizeF(font.pointSizeF());
    fixed.setWeight(static_cast<QFont::Weight>(font.weight()));
    return fixed;
}

int scaledHeight(int pixelsAtZoomOne)
{
    return std::max(pixelsAtZoomOne, qRound(pixelsAtZoomOne * zoomNow()));
}

} // namespace fleetglass::theme
