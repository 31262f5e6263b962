// Pictures of charts and of whole widgets: PNG at any device pixel ratio, SVG and PDF with the
// charts as vectors. Used from one thread at a time (the UI thread).
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QImage>
#include <QString>

class QWidget;

namespace fleetglass::charts {

QImage renderImage(QWidget& widget, double devicePixelRatio);
QByteArray renderSvg(QWidget& widget, const QString& title);
// One page of the widget's size.
QByteArray renderPdf(QWidget& widget, const QString& title);

// The ending of the path chooses: .png .svg .pdf. The file is whole or not there.
Result<qint64> exportPicture(QWidget& widget, const QString& path, double devicePixelRatio);

} // namespace fleetglass::charts
