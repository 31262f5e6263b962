#include "ui/widgets/heads.h"

#include <QHBoxLayout>

namespace fleetglass::widgets {

Head::Head(theme::TextRole role, int height, QWidget* parent)
    : QWidget(parent)
    , m_title(new PlainLabel({}, theme::Ink::Text, role, this))
    , m_detail(new PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, this))
    , m_layout(new QHBoxLayout(this))
    , m_height(height)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(theme::size::kSpace8);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_detail, 0);
    m_layout->addStretch(1);
    m_detail->setElided(true);
    m_detail->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void Head::setTitle(const QString& title)
{
    m_title->setText(title);
}

void Head::setDetail(const QString& detail)
{
    m_detail->setText(detail);
}

void Head::addAfterTitle(QWidget* widget)
{
    m_layout->insertWidget(m_afterTitle++, widget);
}

void Head::addAtRight(QWidget* widget)
{
    m_layout->addWidget(widget);
}

QSize Head::sizeHint() const
{
    return { 400, theme::scaledHeight(m_height) };
}

ViewHeader::ViewHeader(const QString& title, QWidget* parent)
    : Head(theme::TextRole::ViewTitle, theme::size::kViewHeader, parent)
{
    setTitle(title);
}

SectionHead::SectionHead(const QString& title, const QString& detail, QWidget* parent)
    : Head(theme::TextRole::Strong, theme::size::kSectionHead, parent)
{
    setTitle(title);
    setDetail(detail);
}

} // namespace fleetglass::widgets
