#include "ui/widgets/key_help.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace fleetglass::widgets {

namespace {

constexpr int kKeyColumn = 132;
constexpr int kColumnWidth = 320;
constexpr int kRowsInColumn = 26;

struct Group
{
    QString area;
    QVector<KeyValueList::Row> rows;
};

QVector<Group> grouped(const QVector<KeyHint>& hints)
{
    QVector<Group> groups;
    for (const KeyHint& hint : hints) {
        auto group = std::find_if(groups.begin(), groups.end(),
            [&](const Group& known) { return known.area == hint.area; });
        if (group == groups.end()) {
            groups.append({ hint.area, {} });
            group = groups.end() - 1;
        }
        group->rows.append({ hint.keys, { { hint.action } } });
    }
    return groups;
}

} // namespace

KeyHelp::KeyHelp(const QVector<KeyHint>& hints, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    auto* content = new QWidget;
    auto* columns = new QHBoxLayout(content);
    columns->setContentsMargins(16, 12, 16, 12);
    columns->setSpacing(24);
    QVBoxLayout* column = nullptr;
    int used = kRowsInColumn;
    for (const Group& group : grouped(hints)) {
        const int rows = static_cast<int>(group.rows.size()) + 2;
        if (column == nullptr || used + rows > kRowsInColumn) {
            if (column != nullptr)
                column->addStretch(1);
            column = new QVBoxLayout;
            column->setSpacing(4);
            columns->addLayout(column);
            used = 0;
        }
        used += rows;
        column->addWidget(new PlainLabel(group.area.isEmpty() ? tr("Everywhere") : group.area,
            theme::Ink::Text, theme::TextRole::Strong, content));
        auto* list = new KeyValueList(kKeyColumn, content);
        list->setRows(group.rows);
        list->setMinimumWidth(kColumnWidth);
        column->addWidget(list);
        column->addSpacing(8);
    }
    if (column != nullptr)
        column->addStretch(1);
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(content);
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->addWidget(area);
    const QSize wanted = content->sizeHint() + QSize(14, 2);
    resize(std::min(wanted.width(), 1200), std::min(wanted.height(), 720));
}

} // namespace fleetglass::widgets
