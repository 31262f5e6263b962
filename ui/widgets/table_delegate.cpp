#include "ui/widgets/table_delegate.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/ink.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/sparkline.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <QTreeView>

namespace fleetglass::widgets {

namespace {

using theme::Ink;

constexpr int kSide = 8;
constexpr int kGlyphGap = 6;

struct Cell
{
    const QModelIndex& index;
    const theme::Tokens& tokens;
    bool selected;

    Ink ink() const
    {
        const QVariant value = index.data(theme::InkRole);
        return value.isValid() ? static_cast<Ink>(value.toInt()) : Ink::Text;
    }
    QColor color() const { return theme::colorOf(ink(), tokens, selected); }
    bool flag(int role) const { return index.data(role).toBool(); }
};

QFont fontOf(const Cell& cell, const QFont& base)
{
    QFont font = base;
    if (cell.flag(theme::FixedRole))
        font = theme::font(theme::TextRole::Raw);
    if (cell.flag(theme::BoldRole))
        font.setWeight(QFont::DemiBold);
    return cell.flag(theme::NumberRole) ? theme::numericFont(font) : font;
}

void paintSpark(
    QPainter& painter, const QRect& rect, const Cell& cell, const theme::SparkCell& spark)
{
    if (!spark.values || spark.values->empty())
        return;
    SparkStyle style = neutralSpark(cell.tokens);
    if (cell.selected)
        style.line = cell.tokens.text;
    style.threshold = spark.threshold;
    style.thresholdColor = cell.tokens.of(static_cast<theme::State>(spark.thresholdState)).text;
    style.shadedFrom = spark.shadedFrom;
    paintSparkline(painter, QRectF(rect).adjusted(kSide, 2, -kSide, -3), *spark.values, style);
}

// Neighbouring attempts of one kind are one bar: 120 of them share a few dozen pixels.
void paintRibbon(
    QPainter& painter, const QRect& rect, const Cell& cell, const theme::RibbonCell& ribbon)
{
    using Part = theme::RibbonCell::Part;
    const QRectF bar = QRectF(rect).adjusted(kSide, 7, -kSide, -7);
    const theme::Tokens& tokens = cell.tokens;
    painter.fillRect(bar, tokens.of(theme::State::Unknown).tint);
    if (!ribbon.parts || ribbon.parts->empty())
        return;
    const double width = bar.width() / static_cast<double>(ribbon.parts->size());
    for (size_t i = 0; i < ribbon.parts->size();) {
        const Part part = (*ribbon.parts)[i];
        size_t end = i;
        while (end < ribbon.parts->size() && (*ribbon.parts)[end] == part)
            ++end;
        QRectF piece(bar.left() + width * static_cast<double>(i), bar.top(),
            width * static_cast<double>(end - i), bar.height());
        if (part == Part::Good)
            painter.fillRect(piece, tokens.of(theme::State::Ok).tint);
        if (part == Part::Bad) {
            piece.setWidth(std::max(piece.width(), 1.0)); // One miss must be seen.
            painter.fillRect(piece, tokens.of(theme::State::Critical).text);
        }
        i = end;
    }
}

// Swatch and glyph; the x where the text begins.
int paintMarks(QPainter& painter, const QRect& rect, const Cell& cell)
{
    int x = rect.left() + kSide;
    const QVariant swatch = cell.index.data(theme::SwatchRole);
    if (swatch.isValid()) {
        QPen pen(swatch.value<QColor>(), 2);
        const int pattern = cell.index.data(theme::SwatchPatternRole).toInt();
        if (pattern > 0)
            pen.setStyle(static_cast<Qt::PenStyle>(pattern));
        painter.setPen(pen);
        painter.drawLine(x, rect.center().y() + 1, x + 13, rect.center().y() + 1);
        x += 14 + kGlyphGap;
    }
    const QVariant glyph = cell.index.data(theme::GlyphRole);
    if (glyph.isValid()) {
        const QVariant ink = cell.index.data(theme::GlyphInkRole);
        const double side = theme::size::kGlyphRow;
        theme::paintGlyph(painter, static_cast<theme::Glyph>(glyph.toInt()),
            QRectF(x, rect.top() + (rect.height() - side) / 2, side, side),
            theme::colorOf(
                ink.isValid() ? static_cast<Ink>(ink.toInt()) : cell.ink(), cell.tokens));
        x += theme::size::kGlyphRow + kGlyphGap;
    }
    return x;
}

void paintText(QPainter& painter, const QRect& rect, const Cell& cell, const QFont& base)
{
    const QString text = theme::shown(cell.index.data(Qt::DisplayRole).toString());
    const QString detail = theme::shown(cell.index.data(theme::DetailRole).toString());
    if (text.isEmpty() && detail.isEmpty())
        return;
    const QFont font = fontOf(cell, base);
    const QFontMetrics metrics(font);
    const int room = rect.width();
    const QString shortened = metrics.elidedText(text, Qt::ElideRight, room);
    const QVariant alignment = cell.index.data(Qt::TextAlignmentRole);
    const bool right = cell.flag(theme::NumberRole)
        || (alignment.isValid() && (alignment.toInt() & Qt::AlignRight));
    painter.setFont(font);
    painter.setPen(cell.color());
    const int used = metrics.horizontalAdvance(shortened);
    const int x = right && detail.isEmpty() ? rect.right() + 1 - used : rect.left();
    painter.drawText(QRect(x, rect.top(), std::min(used + 2, room + 2), rect.height()),
        Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shortened);
    const int left = room - used - 5;
    if (detail.isEmpty() || left < 8)
        return;
    painter.setFont(base);
    painter.setPen(theme::colorOf(Ink::Muted, cell.tokens, cell.selected));
    painter.drawText(QRect(rect.left() + used + 5, rect.top(), left, rect.height()),
        Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        QFontMetrics(base).elidedText(detail, Qt::ElideRight, left));
}

} // namespace

TableDelegate::TableDelegate(QObject* parent)
    : QStyledItemDelegate(parent)
{
}

void TableDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Cell cell { index, theme::tokensOf(option.palette),
        bool(option.state & QStyle::State_Selected) };
    const QRect rect = option.rect;
    painter->save();
    painter->setClipRect(rect);
    if (cell.selected)
        painter->fillRect(rect, cell.tokens.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(rect, cell.tokens.raised);
    if (m_rowLines) {
        painter->setPen(cell.tokens.border);
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    }
    const QVariant spark = index.data(theme::SparkRole);
    const QVariant ribbon = index.data(theme::RibbonRole);
    if (spark.isValid())
        paintSpark(*painter, rect, cell, spark.value<theme::SparkCell>());
    if (ribbon.isValid())
        paintRibbon(*painter, rect, cell, ribbon.value<theme::RibbonCell>());
    const int x = paintMarks(*painter, rect, cell);
    const QRect text(x, rect.top(), rect.right() - kSide - x + 1, rect.height() - 1);
    paintText(*painter, text, cell, option.font);
    painter->restore();
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return { 80, theme::scaledHeight(theme::size::kRow) };
}

void setUpTable(QTableView& table, int rowHeight)
{
    table.setItemDelegate(new TableDelegate(&table));
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setWordWrap(false);
    table.setMouseTracking(true);
    table.setTabKeyNavigation(false);
    table.setCornerButtonEnabled(false);
    QHeaderView* rows = table.verticalHeader();
    rows->hide();
    rows->setSectionResizeMode(QHeaderView::Fixed);
    rows->setMinimumSectionSize(1);
    rows->setDefaultSectionSize(theme::scaledHeight(rowHeight));
    QHeaderView* head = table.horizontalHeader();
    head->setFixedHeight(theme::scaledHeight(theme::size::kTableHead));
    head->setHighlightSections(false);
    head->setSectionResizeMode(QHeaderView::Interactive);
    head->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    head->setMinimumSectionSize(28);
}

void setUpTree(QTreeView& tree)
{
    auto* delegate = new TableDelegate(&tree);
    delegate->setRowLines(false);
    tree.setItemDelegate(delegate);
    tree.setFrameShape(QFrame::NoFrame);
    tree.setUniformRowHeights(true);
    tree.setIndentation(14);
    tree.setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree.header()->setFixedHeight(theme::scaledHeight(theme::size::kTableHead));
    tree.header()->setSectionResizeMode(QHeaderView::Interactive);
}

} // namespace fleetglass::widgets
