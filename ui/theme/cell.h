// Cell: the roles by which item models tell the table delegate what a cell shows beside its text.
// Immutable; share freely.
#pragma once

#include <QMetaType>
#include <Qt>
#include <memory>
#include <optional>
#include <vector>

namespace fleetglass::theme {

enum CellRole
{
    GlyphRole = Qt::UserRole + 100, // int(Glyph), before the text.
    GlyphInkRole, // int(Ink); default: the cell's ink.
    InkRole, // int(Ink)
    BoldRole, // bool
    FixedRole, // bool: fixed font (keys, fingerprints).
    SparkRole, // SparkCell
    RibbonRole, // RibbonCell
    DetailRole, // QString, muted, after the text: "(−15 s)".
    NumberRole, // bool: right-aligned, tabular digits.
    SwatchRole, // QColor: a short line before the text (legend).
    SwatchPatternRole, // int(Qt::PenStyle) of the swatch.
};

struct SparkCell
{
    std::shared_ptr<const std::vector<double>> values;
    std::optional<double> threshold {};
    int thresholdState = 2; // int(State); the dashed line has its colour.
    double shadedFrom = 2; // Share of the width from which the ground is shaded; over 1: none.
};

// Success of past scrapes, oldest first.
struct RibbonCell
{
    enum class Part : unsigned char
    {
        None,
        Good,
        Bad
    };
    std::shared_ptr<const std::vector<Part>> parts;
};

} // namespace fleetglass::theme

Q_DECLARE_METATYPE(fleetglass::theme::SparkCell)
Q_DECLARE_METATYPE(fleetglass::theme::RibbonCell)
