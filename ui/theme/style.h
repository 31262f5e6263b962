// Style: Fusion with flat, 1 px outlined controls of radius 4 in the colours of the tokens. No
// style sheets: they would cost a re-polish of every widget at a switch of theme. Used from one
// thread at a time (the UI thread).
#pragma once

#include <QProxyStyle>

namespace fleetglass::theme {

// Dynamic property of a push button; true: filled with the accent (at most one in a view).
inline constexpr char kPrimaryProperty[] = "fleetglassPrimary";

class Style : public QProxyStyle
{
    Q_OBJECT

public:
    Style();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
        QPainter* painter, const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option,
        SubControl subControl, const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
        const QWidget* widget) const override;
    int pixelMetric(
        PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
        QStyleHintReturn* result) const override;
};

} // namespace fleetglass::theme
