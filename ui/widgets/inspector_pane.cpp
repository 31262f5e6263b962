#include "ui/widgets/inspector_pane.h"

#include "ui/theme/plain_text.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace fleetglass::widgets {

namespace {
constexpr int kRowPitch = 18;
}

InspectorPane::InspectorPane(QWidget* parent)
    : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("inspector"));
    viewport()->setBackgroundRole(QPalette::Base);
    setMinimumWidth(200);
}

InspectorPane::~InspectorPane()
{
    showContent(nullptr);
}

void InspectorPane::showContent(QWidget* content)
{
    if (content != nullptr && content == m_content)
        return;
    if (QWidget* old = takeWidget()) {
        old->hide();
        if (m_home != nullptr)
            old->setParent(m_home);
        else
            old->deleteLater();
    }
    m_content = content;
    if (content == nullptr)
        return;
    m_home = content->parentWidget();
    setWidget(content);
    content->setAutoFillBackground(false);
    content->show();
}

void InspectorPane::paintEvent(QPaintEvent* event)
{
    QScrollArea::paintEvent(event);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme::tokensOf(palette()).surface);
}

KeyValueList::KeyValueList(int keyWidth, QWidget* parent)
    : QWidget(parent)
    , m_keyWidth(keyWidth)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void KeyValueList::setRows(QVector<Row> rows)
{
    m_rows = std::move(rows);
    QStringList spoken;
    for (const Row& row : m_rows)
        spoken.append(row.key + QLatin1Char(' ') + plainText(row.value));
    setAccessibleName(spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize KeyValueList::sizeHint() const
{
    return { 200, theme::scaledHeight(kRowPitch) * static_cast<int>(m_rows.size()) };
}

void KeyValueList::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    const int pitch = theme::scaledHeight(kRowPitch);
    const RunOptions options { .font = font() };
    int y = 0;
    for (const Row& row : m_rows) {
        painter.setFont(font());
        painter.setPen(tokens.muted);
        painter.drawText(QRect(0, y, m_keyWidth - 6, pitch), Qt::AlignVCenter | Qt::AlignLeft,
            fontMetrics().elidedText(theme::shown(row.key), Qt::ElideRight, m_keyWidth - 6));
        paintRuns(
            painter, QRect(m_keyWidth, y, width() - m_keyWidth, pitch), row.value, tokens, options);
        y += pitch;
    }
}

InspectorSection::InspectorSection(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(12, 10, 12, 11);
    m_layout->setSpacing(6);
    if (!title.isEmpty())
        m_layout->addWidget(new PlainLabel(title, theme::Ink::Text, theme::TextRole::Strong, this));
    // Not Maximum: that is the height of a text at its own width, wrapped lines would be cut.
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void InspectorSection::add(QWidget* widget)
{
    m_layout->addWidget(widget);
}

void InspectorSection::addRow(std::initializer_list<QWidget*> widgets)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(theme::size::kSpace8);
    for (QWidget* widget : widgets)
        row->addWidget(widget);
    row->addStretch(1);
    m_layout->addLayout(row);
}

void InspectorSection::setState(std::optional<theme::State> state)
{
    m_state = state;
    update();
}

void InspectorSection::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    if (m_state)
        painter.fillRect(rect(), tokens.of(*m_state).tint);
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

} // namespace fleetglass::widgets
