// Buttons of the window: with a glyph only, with the key that does the same, and several in a row
// of which one is on. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/theme/glyphs.h"

#include <QPushButton>
#include <QVector>

namespace fleetglass::widgets {

// A square of 24 with one sign. `name` is told to screen readers and in the tool tip.
class GlyphButton : public QPushButton
{
    Q_OBJECT

public:
    GlyphButton(theme::Glyph glyph, const QString& name, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::Glyph m_glyph;
};

// "Scrape now F5": the key is shown smaller and muted beside the text.
class KeyButton : public QPushButton
{
    Q_OBJECT

public:
    explicit KeyButton(const QString& text, const QString& key = {}, QWidget* parent = nullptr);

    void setGlyph(std::optional<theme::Glyph> glyph);
    void setPrimary(bool primary); // Filled with the accent.
    void setInRow(bool inRow); // 20 px high instead of 24.
    void setLink(bool link); // Accent text without a frame: "Show 50".
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
    std::optional<theme::Glyph> m_glyph;
    bool m_inRow = false;
    bool m_link = false;
};

// "Chart | Table | Heatmap": exactly one is on. Left and Right change it.
class SegmentedSwitch : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedSwitch(const QString& name, QWidget* parent = nullptr);

    void setItems(const QStringList& items);
    void setItemText(int index, const QString& text);
    QString itemText(int index) const { return m_items.value(index); }
    int current() const { return m_current; }
    void setCurrent(int index); // Without activated().
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void activated(int index); // By the user.

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QVector<QRect> cells() const;
    void activate(int index);

    QStringList m_items;
    int m_current = 0;
};

} // namespace fleetglass::widgets
