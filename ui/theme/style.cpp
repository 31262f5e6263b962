#include "ui/theme/style.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QWidget>

namespace fleetglass::theme {

namespace {

constexpr int kScrollBar = 10;

// Fills and outlines a control; the line sits in the middle of its pixels.
void paintOutlined(
    QPainter& p, const QRect& rect, const QColor& fill, const QColor& outline, double width = 1.0)
{
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(QPen(outline, width));
    p.setBrush(fill);
    const double inset = width / 2;
    p.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), size::kRadius - inset,
        size::kRadius - inset);
    p.restore();
}

bool isPrimary(const QWidget* widget)
{
    return widget != nullptr && widget->property(kPrimaryProperty).toBool();
}

void paintButton(QPainter& p, const QStyleOption& option, const QWidget* widget)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool pressed = option.state & QStyle::State_Sunken;
    const bool on = option.state & QStyle::State_On;
    const bool hovered = enabled && (option.state & QStyle::State_MouseOver);
    QColor fill = enabled ? t.raised : QColor(Qt::transparent);
    QColor outline = enabled ? t.control : t.border;
    if (on)
        fill = t.selection;
    if (isPrimary(widget) && enabled)
        fill = outline = t.accent;
    if (pressed)
        fill = fill.darker(112);
    else if (hovered)
        fill = t.scheme == Scheme::Dark ? fill.lighter(114) : fill.darker(104);
    paintOutlined(p, option.rect, fill, outline);
    if (enabled && (option.state & QStyle::State_HasFocus)
        && (option.state & QStyle::State_KeyboardFocusChange))
        paintOutlined(p, option.rect, Qt::transparent, isPrimary(widget) ? t.text : t.accent, 2);
}

void paintField(QPainter& p, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool focused = option.state & QStyle::State_HasFocus;
    paintOutlined(p, option.rect, enabled ? t.surface : QColor(Qt::transparent),
        focused       ? t.accent
            : enabled ? t.control
                      : t.border,
        focused ? 2 : 1);
}

void paintCombo(QPainter& p, const QStyleOptionComboBox& option)
{
    const Tokens& t = tokensOf(option.palette);
    paintField(p, option);
    const QRect rect = option.rect;
    const QRectF arrow(rect.right() - 21, rect.center().y() - 6.5, 14, 14);
    const bool enabled = option.state & QStyle::State_Enabled;
    paintGlyph(p, Glyph::ChevronDown, arrow, enabled ? t.muted : t.border);
}

void paintHeaderSection(QPainter& p, const QStyleOption& option)
{
    const Tokens& t = tokensOf(option.palette);
    p.fillRect(option.rect, t.raised);
    p.setPen(t.border);
    p.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
}

void paintScrollBar(QPainter& p, const QStyleOptionSlider& option, const QRect& handle)
{
    const Tokens& t = tokensOf(option.palette);
    if (!(option.state & QStyle::State_Enabled) || option.maximum <= option.minimum)
        return;
    const bool active = option.activeSubControls & QStyle::SC_ScrollBarSlider;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    QColor color = t.control;
    color.setAlphaF(active ? 1.0F : 0.6F);
    p.setBrush(color);
    p.drawRoundedRect(QRectF(handle).adjusted(2, 2, -2, -2), 3, 3);
    p.restore();
}

void paintTab(QPainter& p, const QStyleOptionTab& option)
{
    const Tokens& t = tokensOf(option.palette);
    const QRect rect = option.rect;
    p.setPen(t.border);
    if (!(option.state & QStyle::State_Selected)) {
        p.drawLine(rect.bottomLeft(), rect.bottomRight());
        return;
    }
    QPainterPath outline;
    const QRectF r = QRectF(rect).adjusted(0.5, 0.5, -0.5, 1);
    outline.moveTo(r.bottomLeft());
    outline.lineTo(r.left(), r.top() + 3);
    outline.quadTo(r.topLeft(), QPointF(r.left() + 3, r.top()));
    outline.lineTo(r.right() - 3, r.top());
    outline.quadTo(r.topRight(), QPointF(r.right(), r.top() + 3));
    outline.lineTo(r.bottomRight());
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    p.fillPath(outline, t.surface);
    p.drawPath(outline);
    p.restore();
}

void paintBranch(QPainter& p, const QStyleOption& option)
{
    if (!(option.state & QStyle::State_Children))
        return;
    const Tokens& t = tokensOf(option.palette);
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(option.rect).center());
    const bool open = option.state & QStyle::State_Open;
    paintGlyph(p, open ? Glyph::ChevronDown : Glyph::ChevronRight, box, t.muted);
}

void paintMenuBarItem(QPainter& p, const QStyleOptionMenuItem& option)
{
    const Tokens& t = tokensOf(option.palette);
    const bool active = option.state & (QStyle::State_Selected | QStyle::State_Sunken);
    p.fillRect(option.rect, active ? t.selection : t.window);
    const bool enabled = option.state & QStyle::State_Enabled;
    p.setPen(enabled ? t.text : t.faint);
    p.drawText(option.rect, Qt::AlignCenter | Qt::TextHideMnemonic, option.text);
}

// The menu bar's lower edge is the frame's first line.
void paintMenuBarGround(QPainter& p, const QStyleOption& option)
{
    p.fillRect(option.rect, tokensOf(option.palette).window);
}

} // namespace

Style::Style()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
    const QWidget* widget) const
{
    const Tokens& t = tokensOf(option->palette);
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool:
        return paintButton(*painter, *option, widget);
    case PE_PanelLineEdit:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option)) {
            if (frame->lineWidth > 0)
                paintField(*painter, *option);
            else
                painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        }
        return;
    case PE_FrameLineEdit:
        return;
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            paintOutlined(*painter, option->rect, Qt::transparent, t.accent);
        return;
    case PE_FrameMenu:
    case PE_Frame:
        painter->setPen(t.border);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, t.raised);
        painter->setPen(t.control);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_IndicatorBranch:
        return paintBranch(*painter, *option);
    case PE_FrameTabBarBase:
        painter->setPen(t.border);
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
    const QWidget* widget) const
{
    const Tokens& t = tokensOf(option->palette);
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            QStyleOptionButton copy(*button);
            if (isPrimary(widget) && (option->state & State_Enabled))
                copy.palette.setColor(QPalette::ButtonText, t.onAccent);
            copy.state &= ~State_HasFocus;
            return QProxyStyle::drawControl(element, &copy, painter, widget);
        }
        break;
    case CE_HeaderSection:
        return paintHeaderSection(*painter, *option);
    case CE_HeaderEmptyArea:
        return paintHeaderSection(*painter, *option);
    case CE_HeaderLabel:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            painter->setPen(t.muted);
            painter->setFont(font(TextRole::Axis));
            painter->drawText(option->rect,
                static_cast<int>(header->textAlignment) | Qt::TextDontClip | Qt::TextSingleLine,
                header->text);
            return;
        }
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, t.border);
        return;
    case CE_TabBarTabShape:
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option))
            return paintTab(*painter, *tab);
        break;
    case CE_MenuBarItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option))
            return paintMenuBarItem(*painter, *item);
        break;
    case CE_MenuBarEmptyArea:
        return paintMenuBarGround(*painter, *option);
    case CE_ComboBoxLabel:
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            const QRect text = option->rect.adjusted(9, 0, -24, 0);
            painter->setPen(option->state & State_Enabled ? t.text : t.faint);
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                option->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, text.width()));
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
    QPainter* painter, const QWidget* widget) const
{
    if (control == CC_ComboBox) {
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option))
            return paintCombo(*painter, *combo);
    }
    if (control == CC_ScrollBar) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            const QRect handle = subControlRect(control, option, SC_ScrollBarSlider, widget);
            return paintScrollBar(*painter, *slider, handle);
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
    SubControl subControl, const QWidget* widget) const
{
    // Scroll bars have no arrow buttons: the groove is the whole bar.
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control != CC_ScrollBar || bar == nullptr)
        return QProxyStyle::subControlRect(control, option, subControl, widget);
    const bool flat = bar->orientation == Qt::Horizontal;
    const int length = flat ? bar->rect.width() : bar->rect.height();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0)
        handle = static_cast<int>(qint64(bar->pageStep) * length / (range + bar->pageStep));
    handle = std::clamp(handle, std::min(24, length), length);
    const int start = sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const QRect slider = flat ? QRect(start, 0, handle, bar->rect.height())
                              : QRect(0, start, bar->rect.width(), handle);
    switch (subControl) {
    case SC_ScrollBarSlider:
        return slider;
    case SC_ScrollBarGroove:
        return bar->rect;
    case SC_ScrollBarSubPage:
        return flat ? QRect(0, 0, start, bar->rect.height())
                    : QRect(0, 0, bar->rect.width(), start);
    case SC_ScrollBarAddPage:
        return flat ? QRect(start + handle, 0, length - start - handle, bar->rect.height())
                    : QRect(0, start + handle, bar->rect.width(), length - start - handle);
    default:
        return {};
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
    const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, contents, widget);
    switch (type) {
    case CT_PushButton:
        result.setWidth(contents.width() + 2 * size::kSpace8 + 2);
        result.setHeight(scaledHeight(size::kButton));
        break;
    case CT_ComboBox:
        result.setWidth(contents.width() + 36);
        result.setHeight(scaledHeight(size::kButton));
        break;
    case CT_LineEdit:
    case CT_SpinBox:
        result.setHeight(scaledHeight(size::kButton));
        break;
    case CT_TabBarTab:
        result.setHeight(scaledHeight(size::kSectionHead));
        break;
    case CT_MenuBarItem:
        result = QSize(contents.width() + 18, scaledHeight(size::kMenuBar) - 1);
        break;
    case CT_HeaderSection:
        result.setHeight(scaledHeight(size::kTableHead));
        break;
    default:
        break;
    }
    return result;
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return kScrollBar;
    case PM_SplitterWidth:
        return 1;
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
    case PM_MenuBarItemSpacing:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_MenuBarHMargin:
        return size::kSpace4;
    case PM_DefaultFrameWidth:
        return 1;
    case PM_HeaderMargin:
        return size::kSpace8;
    case PM_TabBarTabHSpace:
        return size::kSpace24;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return size::kGlyphRow;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
    QStyleHintReturn* result) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_Widget_Animate:
    case SH_UnderlineShortcut: // Mnemonics work, their lines are noise.
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 400;
    default:
        return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

} // namespace fleetglass::theme
