// Heads: the line above a view (40 px) and above a part of it (26 px), with controls at the right.
// Used from one thread at a time (the UI thread).
#pragma once

#include "ui/widgets/plain_label.h"

#include <QWidget>

class QHBoxLayout;

namespace fleetglass::widgets {

class Head : public QWidget
{
    Q_OBJECT

public:
    void setTitle(const QString& title);
    void setDetail(const QString& detail); // Muted: what explains.
    // Directly after the title and its detail.
    void addAfterTitle(QWidget* widget);
    // From left to right at the right edge.
    void addAtRight(QWidget* widget);
    QSize sizeHint() const override;

protected:
    Head(theme::TextRole role, int height, QWidget* parent);

private:
    PlainLabel* m_title;
    PlainLabel* m_detail;
    QHBoxLayout* m_layout;
    int m_afterTitle = 2;
    int m_height;
};

class ViewHeader : public Head
{
    Q_OBJECT

public:
    explicit ViewHeader(const QString& title, QWidget* parent = nullptr);
};

class SectionHead : public Head
{
    Q_OBJECT

public:
    explicit SectionHead(
        const QString& title, const QString& detail = {}, QWidget* parent = nullptr);
};

} // namespace fleetglass::widgets
