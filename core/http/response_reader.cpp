#include "core/http/response_reader.h"

#include "core/base/number.h"
#include "core/http/header_text.h"
#include "core/http/redirect.h"

#include <algorithm>

namespace fleetglass::http {

namespace {
constexpr size_t kErrorPageBytesMax = 64 * 1024;
constexpr size_t kBodyBytesReserved = 1u << 20;
} // namespace

std::string sizeText(size_t bytes)
{
    if (bytes >= (1u << 20) && bytes % (1u << 20) == 0)
        return std::to_string(bytes >> 20) + " MiB";
    if (bytes >= 1024 && bytes % 1024 == 0)
        return std::to_string(bytes >> 10) + " KiB";
    return groupDigits(static_cast<int64_t>(bytes)) + " bytes";
}

ResponseReader::ResponseReader(ReaderOptions options)
    : m_options(std::move(options))
{
}

bool ResponseReader::fail(Failure failure)
{
    if (!m_failure)
        m_failure = std::move(failure);
    return false;
}

bool ResponseReader::addHeaderLine(std::string_view line)
{
    m_headerBytes += line.size();
    if (m_headerBytes > m_options.limits.headerBytesMax)
        return fail({ Phase::Http, FailureCode::HeadersTooLarge,
            "headers too large: more than " + sizeText(m_options.limits.headerBytesMax) });
    const bool isFinal
        = m_headersDone && m_status >= 200 && !(m_options.answersChallenges && m_status == 401);
    if (line.starts_with("HTTP/") && !isFinal) {
        beginResponse(trimmed(line));
        return true;
    }
    if (m_headersDone)
        return true; // Trailers: counted, not needed.
    const std::string_view text = trimmed(line);
    if (text.empty())
        return endHeaders();
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos)
        return fail({ Phase::Http, FailureCode::HttpProtocol, "a header line without a colon" });
    m_headers.push_back({ std::string(trimmed(text.substr(0, colon))),
        std::string(trimmed(text.substr(colon + 1))) });
    return true;
}

void ResponseReader::beginResponse(std::string_view statusLine)
{
    m_headers.clear();
    m_headersDone = false;
    m_body.clear();
    m_inflater.reset();
    const size_t space = statusLine.find(' ');
    m_httpVersion
        = std::string(statusLine.substr(5, space == std::string_view::npos ? space : space - 5));
    const std::string_view rest
        = space == std::string_view::npos ? std::string_view() : trimmed(statusLine.substr(space));
    m_status = static_cast<int>(parseInt(rest.substr(0, 3)).value_or(0));
    m_reasonPhrase = rest.size() > 4 ? std::string(rest.substr(4, 80)) : std::string();
}

bool ResponseReader::endHeaders()
{
    if (m_status >= 100 && m_status < 200)
        return true; // Another header block follows.
    m_headersDone = true;
    if (!checkEncoding())
        return false;
    makeRoom();
    return true;
}

// For the body at once, instead of twice as much each time; a server may claim what it likes.
void ResponseReader::makeRoom()
{
    const auto size = parseInt(header("Content-Length")).value_or(0);
    if (!m_inflater && !m_options.onBody && m_status == 200 && size > 0)
        m_body.reserve(std::min(static_cast<size_t>(size), kBodyBytesReserved));
}

std::string_view ResponseReader::header(std::string_view name) const
{
    for (const HeaderLine& line : m_headers) {
        if (equalsIgnoringCase(line.name, name))
            return line.value;
    }
    return {};
}

bool ResponseReader::checkEncoding()
{
    std::string all;
    for (const HeaderLine& line : m_headers) {
        if (equalsIgnoringCase(line.name, "Content-Encoding"))
            all += (all.empty() ? "" : ", ") + line.value;
    }
    if (all.empty() || equalsIgnoringCase(all, "identity"))
        return true;
    const bool isGzip = equalsIgnoringCase(all, "gzip") || equalsIgnoringCase(all, "x-gzip");
    if (!isGzip)
        return fail({ Phase::Body, FailureCode::Encoding,
            "content encoding \"" + all.substr(0, 80) + "\": only one layer of gzip is taken" });
    if (!m_options.compressionAsked)
        return fail({ Phase::Body, FailureCode::Encoding,
            "content encoding \"gzip\", though enable_compression is off" });
    m_inflater = std::make_unique<Inflater>();
    return true;
}

bool ResponseReader::isCloseDelimited() const
{
    return m_httpVersion.starts_with("1") && header("Content-Length").empty()
        && header("Transfer-Encoding").empty() && m_status != 204 && m_status != 304;
}

bool ResponseReader::keepsBody() const
{
    return !(
        m_options.followsRedirects && isRedirectStatus(m_status) && !header("Location").empty());
}

bool ResponseReader::addBody(std::string_view bytes)
{
    const SizeLimits& limits = m_options.limits;
    m_wireBytes += bytes.size();
    if (!keepsBody() || m_status != 200) {
        // A redirect's or an error's page: enough for the eyes is enough.
        if (m_wireBytes > kErrorPageBytesMax) {
            m_cut = true;
            return false;
        }
        return !keepsBody() || decode(bytes);
    }
    if (m_inflater && m_wireBytes > limits.wireBytesMax)
        return fail({ Phase::Body, FailureCode::CompressedTooLarge,
            "the compressed page is larger than " + sizeText(limits.wireBytesMax) });
    return decode(bytes) && handOver();
}

// A body that goes out piece by piece is never kept here.
bool ResponseReader::handOver()
{
    if (!m_options.onBody || m_body.empty())
        return true;
    const bool more = m_options.onBody(m_body);
    m_body.clear();
    return more || fail({ Phase::Body, FailureCode::Cancelled, "cancelled" });
}

bool ResponseReader::decode(std::string_view bytes)
{
    const SizeLimits& limits = m_options.limits;
    Inflater::State state = Inflater::State::Ok;
    if (m_inflater)
        state = m_inflater->add(bytes, m_body, limits.bodyBytesMax);
    else if (bytes.size() > limits.bodyBytesMax - m_body.size())
        state = Inflater::State::TooLarge;
    else
        m_body.append(bytes);
    if (state == Inflater::State::Ok)
        return true;
    if (state == Inflater::State::Damaged)
        return fail({ Phase::Body, FailureCode::Decode, "the gzip data is damaged" });
    m_body.clear();
    m_body.shrink_to_fit();
    return fail({ Phase::Body, FailureCode::BodyTooLarge,
        "the page is larger than " + sizeText(limits.bodyBytesMax) + " (" + limits.bodyLimitName
            + ")" });
}

std::optional<Failure> ResponseReader::finish()
{
    if (m_failure)
        return m_failure;
    if (!m_headersDone) // libcurl takes headers that just end for a whole answer.
        return Failure { Phase::Http, FailureCode::HttpProtocol,
            "the connection was closed within the headers" };
    if (m_inflater && keepsBody() && !m_cut && !m_inflater->isComplete() && m_wireBytes > 0)
        return Failure { Phase::Body, FailureCode::Decode,
            "the gzip data ends early, or its checksum is missing" };
    return std::nullopt;
}

} // namespace fleetglass::http
