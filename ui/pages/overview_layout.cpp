#include "ui/pages/overview_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::pages {

namespace {

constexpr int kGroupGap = 6;
constexpr int kMoreMicro = 5; // Micro cells that "+N more (all OK)" takes.

struct Grid
{
    int columns;
    int gap;
    double cellWidth;
    int cellHeight;
    int headHeight;
    bool cards;

    int x(int column) const { return static_cast<int>(std::lround(column * (cellWidth + gap))); }
    int rightOf(int column) const { return x(column + 1) - gap; }
};

Grid gridFor(bool cards, const WallRoom& room)
{
    const auto scaled = [&](int pixels) {
        return static_cast<int>(std::lround(pixels * std::max(room.zoom, 1.0)));
    };
    const int gap = cards ? 6 : 4;
    const int wanted = cards ? scaled(131) : 28;
    const int columns = std::max(
        1, static_cast<int>(std::lround((room.width + gap) / static_cast<double>(wanted + gap))));
    const double width = cards ? (room.width - gap * (columns - 1)) / static_cast<double>(columns)
                               : static_cast<double>(wanted);
    return { columns, gap, width, cards ? scaled(66) : 20, scaled(24), cards };
}

// A group as a block of some columns and rows.
struct Block
{
    int group;
    int shown; // Cells; the rest is folded.
    int more;
    int columns;
    int slotCount() const { return shown + (more > 0 ? moreSlots : 0); }
    int rows() const { return std::max(1, (slotCount() + columns - 1) / columns); }
    int moreSlots = 1;
};

int problemsOf(const models::FleetGroup& group)
{
    return static_cast<int>(
        std::find_if(group.cells.begin(), group.cells.end(),
            [](const models::FleetCell& cell) { return cell.state == models::CellState::Ok; })
        - group.cells.begin());
}

// Small groups share a band; a later one may fill the room that is left in an earlier band.
QVector<QVector<Block>> bandsOf(std::vector<Block> blocks, const Grid& grid)
{
    QVector<QVector<Block>> bands;
    std::vector<bool> placed(blocks.size(), false);
    const auto widthOf = [&](const Block& block) {
        // A head needs the room of two cards, or of eight micro cells.
        return std::max(std::min(block.slotCount(), grid.columns), grid.cards ? 2 : 8);
    };
    for (size_t i = 0; i < blocks.size(); ++i) {
        if (placed[i])
            continue;
        QVector<Block> band { blocks[i] };
        int used = widthOf(blocks[i]);
        band.back().columns = blocks[i].slotCount() > grid.columns ? grid.columns : used;
        for (size_t k = i + 1; k < blocks.size() && used < grid.columns; ++k) {
            const int width = widthOf(blocks[k]);
            if (placed[k] || blocks[k].slotCount() > grid.columns || used + width > grid.columns)
                continue;
            blocks[k].columns = width;
            band.append(blocks[k]);
            placed[k] = true;
            used += width;
        }
        bands.append(band);
    }
    return bands;
}

int heightOf(const QVector<QVector<Block>>& bands, const Grid& grid)
{
    int height = 0;
    for (const QVector<Block>& band : bands) {
        int rows = 1;
        for (const Block& block : band)
            rows = std::max(rows, block.rows());
        height += grid.headHeight + rows * (grid.cellHeight + grid.gap) + kGroupGap - grid.gap;
    }
    return height;
}

// With `calmRows`, a group may show at most that many rows, but always all its problems.
std::vector<Block> blocksOf(std::span<const models::FleetGroup> groups, const Grid& grid,
    int calmRows, const QSet<QString>& unfolded)
{
    std::vector<Block> blocks;
    const int moreSlots = grid.cards ? 1 : std::min(kMoreMicro, grid.columns);
    for (size_t i = 0; i < groups.size(); ++i) {
        const auto total = static_cast<int>(groups[i].cells.size());
        const int problems = problemsOf(groups[i]);
        const int rows = std::max(
            calmRows, (problems + moreSlots + grid.columns - 1) / std::max(1, grid.columns));
        const int room = rows > std::numeric_limits<int>::max() / grid.columns - 1
            ? total
            : rows * grid.columns;
        const bool all = total <= room || unfolded.contains(QString::fromStdString(groups[i].name));
        const int shown = all ? total : std::max(problems, room - moreSlots);
        blocks.push_back({ static_cast<int>(i), shown, total - shown, grid.columns, moreSlots });
    }
    return blocks;
}

void place(WallLayout& layout, const QVector<Block>& band, const Grid& grid, int y)
{
    int column = 0;
    for (const Block& block : band) {
        const int left = grid.x(column);
        const int right = grid.rightOf(column + block.columns - 1);
        layout.heads.append({ QRect(left, y, right - left, grid.headHeight), block.group });
        for (int i = 0; i < block.shown + (block.more > 0 ? 1 : 0); ++i) {
            const int at = column + i % block.columns;
            const int top = y + grid.headHeight + i / block.columns * (grid.cellHeight + grid.gap);
            const bool isMore = i == block.shown;
            const int last
                = isMore ? std::min(at + block.moreSlots, column + block.columns) - 1 : at;
            layout.cells.append(
                { QRect(grid.x(at), top, grid.rightOf(last) - grid.x(at), grid.cellHeight),
                    block.group, isMore ? -1 : i, isMore ? block.more : 0 });
        }
        column += block.columns;
    }
}

} // namespace

WallLayout layOutWall(
    std::span<const models::FleetGroup> groups, const WallRoom& room, const QSet<QString>& unfolded)
{
    size_t total = 0;
    for (const models::FleetGroup& group : groups)
        total += group.cells.size();
    const Grid grid = gridFor(total < kCardsMax, room);
    QVector<QVector<Block>> bands;
    // The most rows per group with which everything is visible; one row where nothing helps.
    for (const int rows : { 1'000'000, 64, 32, 16, 12, 8, 6, 5, 4, 3, 2, 1 }) {
        bands = bandsOf(blocksOf(groups, grid, rows, unfolded), grid);
        if (heightOf(bands, grid) <= room.heightWanted)
            break;
    }
    WallLayout layout;
    layout.cards = grid.cards;
    for (const QVector<Block>& band : bands) {
        place(layout, band, grid, layout.height);
        layout.height += heightOf({ band }, grid);
    }
    return layout;
}

int WallLayout::cellAt(QPoint position) const
{
    const auto at = std::find_if(cells.begin(), cells.end(),
        [&](const WallCell& cell) { return cell.rect.contains(position); });
    return at == cells.end() ? -1 : static_cast<int>(at - cells.begin());
}

int WallLayout::neighbour(int from, Qt::Key key) const
{
    if (from < 0 || from >= cells.size())
        return cells.isEmpty() ? -1 : 0;
    if (key == Qt::Key_Left || key == Qt::Key_Right)
        return std::clamp<int>(
            from + (key == Qt::Key_Left ? -1 : 1), 0, static_cast<int>(cells.size()) - 1);
    const QPoint here = cells[from].rect.center();
    int best = from;
    int bestDistance = std::numeric_limits<int>::max();
    for (int i = 0; i < cells.size(); ++i) {
        const QPoint there = cells[i].rect.center();
        const int down = (there.y() - here.y()) * (key == Qt::Key_Up ? -1 : 1);
        const int distance = down * 8 + std::abs(there.x() - here.x());
        if (down > 0 && distance < bestDistance) {
            best = i;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace fleetglass::pages
