// ModeRail: the modes of the window, one above the other, with badges for what is wrong there.
// Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/glyphs.h"

#include <QVector>
#include <QWidget>
#include <optional>

namespace fleetglass::widgets {

struct RailBadge
{
    int count = 0; // 0: none.
    theme::State state = theme::State::Critical;
    friend bool operator==(const RailBadge&, const RailBadge&) = default;
};

class ModeRail : public QWidget
{
    Q_OBJECT

public:
    explicit ModeRail(QWidget* parent = nullptr);

    void addMode(theme::Glyph glyph, const QString& title);
    int count() const { return static_cast<int>(m_modes.size()); }
    int current() const { return m_current; }
    void setCurrent(int index);
    void setBadge(int index, const RailBadge& badge);
    RailBadge badge(int index) const { return m_modes.value(index).badge; }
    // 40 px, without titles.
    bool isNarrow() const { return m_narrow; }
    void setNarrow(bool narrow);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { sizeHint().width(), 0 }; }

signals:
    void activated(int index);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Mode
    {
        theme::Glyph glyph = theme::Glyph::Overview;
        QString title;
        RailBadge badge;
    };

    QRect rectOf(int index) const;
    int indexAt(const QPoint& point) const;
    void paintMode(QPainter& painter, int index, const theme::Tokens& tokens) const;
    void paintBadge(QPainter& painter, const RailBadge& badge, const QRect& mode, int glyphTop,
        const theme::Tokens& tokens) const;

    QVector<Mode> m_modes;
    int m_current = -1;
    int m_hovered = -1;
    bool m_narrow = false;
};

} // namespace fleetglass::widgets
