#include "ui/charts/chart_export.h"

#include <QBuffer>
#include <QMenuBar>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>
#include <algorithm>

namespace fleetglass::charts {

namespace {

constexpr double kRatioMax = 8;
constexpr int kScreenDpi = 96;

void render(QWidget& widget, QPaintDevice& device)
{
    QPainter painter(&device);
    widget.render(&painter);
}

// Qt paints the free part of a menu bar over all of it, under a clip; SVG files know no clip, so it
// is laid on top as a picture.
void renderMenuBars(QWidget& widget, QPainter& painter)
{
    constexpr double kSharp = 2;
    for (QMenuBar* bar : widget.findChildren<QMenuBar*>()) {
        if (!bar->isVisibleTo(&widget))
            continue;
        QImage image = renderImage(*bar, kSharp);
        image.setDevicePixelRatio(1);
        painter.drawImage(QRect(bar->mapTo(&widget, QPoint()), bar->size()), image);
    }
}

QByteArray pngOf(QWidget& widget, double devicePixelRatio)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    renderImage(widget, devicePixelRatio).save(&buffer, "PNG");
    return bytes;
}

} // namespace

QImage renderImage(QWidget& widget, double devicePixelRatio)
{
    const double ratio = std::clamp(devicePixelRatio, 0.25, kRatioMax);
    QImage image((QSizeF(widget.size()) * ratio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(widget.palette().color(QPalette::Window));
    render(widget, image);
    return image;
}

QByteArray renderSvg(QWidget& widget, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setTitle(title);
    generator.setResolution(kScreenDpi);
    generator.setSize(widget.size());
    generator.setViewBox(QRect(QPoint(0, 0), widget.size()));
    QPainter painter(&generator); // One: each would write a document of its own.
    widget.render(&painter);
    renderMenuBars(widget, painter);
    painter.end();
    return bytes;
}

QByteArray renderPdf(QWidget& widget, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("Fleetglass"));
    writer.setResolution(kScreenDpi);
    const QSizeF points = QSizeF(widget.size()) * 72.0 / kScreenDpi;
    writer.setPageSize(QPageSize(points, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    render(widget, writer);
    return bytes;
}

Result<qint64> exportPicture(QWidget& widget, const QString& path, double devicePixelRatio)
{
    const QString ending = path.section(QLatin1Char('.'), -1).toLower();
    const QString title = widget.accessibleName();
    QByteArray bytes;
    if (ending == QLatin1String("png"))
        bytes = pngOf(widget, devicePixelRatio);
    else if (ending == QLatin1String("svg"))
        bytes = renderSvg(widget, title);
    else if (ending == QLatin1String("pdf"))
        bytes = renderPdf(widget, title);
    else
        return failure(
            "cannot write \"" + path.toStdString() + "\": the ending must be .png, .svg or .pdf");
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failure(
            "cannot write \"" + path.toStdString() + "\": " + file.errorString().toStdString(),
            ErrorCode::Io);
    return bytes.size();
}

} // namespace fleetglass::charts
