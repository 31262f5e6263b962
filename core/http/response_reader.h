// ResponseReader: takes the answer of one hop as libcurl delivers it, counts every byte, decodes
// one layer of gzip, and stops where a limit is passed. Used from one thread at a time.
#pragma once

#include "core/http/exchange.h"
#include "core/http/inflater.h"
#include "core/http/transport.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::http {

struct ReaderOptions
{
    SizeLimits limits;
    bool compressionAsked = true;
    bool followsRedirects = true; // The body of a redirect that is followed is not kept.
    bool isHead = false;
    bool answersChallenges = false; // A 401 may be followed by the answer proper.
    std::function<bool(std::string_view bytes)> onBody; // See Request.
};

class ResponseReader
{
public:
    explicit ResponseReader(ReaderOptions options);

    // False: stop, failure() says why (or isCut(): enough was read of an error page).
    bool addHeaderLine(std::string_view line);
    bool addBody(std::string_view bytes);
    // After the last byte; the failure of a body that is not complete.
    std::optional<Failure> finish();

    const std::optional<Failure>& failure() const { return m_failure; }
    bool isCut() const { return m_cut; }
    bool headersDone() const { return m_headersDone; }
    bool isEmpty() const { return m_headerBytes == 0; }
    int status() const { return m_status; }
    const std::string& httpVersion() const { return m_httpVersion; }
    const std::string& reasonPhrase() const { return m_reasonPhrase; }
    const std::vector<HeaderLine>& headers() const { return m_headers; }
    std::string_view header(std::string_view name) const;
    size_t wireBytes() const { return m_wireBytes; }
    size_t bodyBytes() const { return m_body.size(); }
    bool isGzip() const { return m_inflater != nullptr; }
    bool isCloseDelimited() const;
    std::string takeBody() { return std::move(m_body); }

private:
    void beginResponse(std::string_view statusLine);
    bool endHeaders();
    bool checkEncoding();
    void makeRoom();
    bool fail(Failure failure);
    bool keepsBody() const;
    bool decode(std::string_view bytes);
    bool handOver();

    ReaderOptions m_options;
    int m_status = 0;
    std::string m_httpVersion;
    std::string m_reasonPhrase;
    std::vector<HeaderLine> m_headers;
    size_t m_headerBytes = 0;
    bool m_headersDone = false;
    bool m_cut = false;
    size_t m_wireBytes = 0;
    std::string m_body;
    std::unique_ptr<Inflater> m_inflater;
    std::optional<Failure> m_failure;
};

// "32 MiB", "64 KiB", "700 bytes"
std::string sizeText(size_t bytes);

} // namespace fleetglass::http
