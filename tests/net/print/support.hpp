#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "net/print/pdf.hpp"

/// What the printing tests stand on: a PDF in a file, and poppler's programs as second readers.
namespace print_tests {

/// A PDF in a temporary file, read by pdfinfo, pdftotext, pdffonts and pdftoppm. Whatever one of them says
/// on stderr, or an exit status but 0, fails the test.
class pdf_file {
 public:
  explicit pdf_file(std::string_view bytes);
  ~pdf_file();
  pdf_file(const pdf_file&) = delete;
  pdf_file& operator=(const pdf_file&) = delete;

  /// A line of pdfinfo: what stands behind "Pages:".
  std::string info(const std::string& name) const;
  std::size_t pages() const;
  /// The text in reading order, pages ending in form feeds; runs of white space within lines are single
  /// spaces, and the marks of direction that poppler adds are taken away.
  std::string text() const;
  std::vector<std::string> text_of_pages() const;
  std::string fonts() const;
  /// A part of the first page, in dots at 72 an inch; `kind` is png, jpeg, or gray for a raw PGM file.
  std::string drawn(const std::string& kind, int left, int top, int width, int height) const;
  /// How many pictures pdfimages finds, and of which encoding.
  std::string pictures() const;

 private:
  std::string run(const std::string& program, const std::string& options, const std::string& behind) const;
  std::filesystem::path folder_;
};

/// All of a writer's bytes.
std::string printed(const std::function<void(net::print::pdf_writer&)>& print,
                    net::print::pdf_frame frame = {});

bool contains(std::string_view text, std::string_view part);

/// Random well-formed text that likes `signs`, the same for the same seed.
std::string random_text(unsigned seed, std::size_t characters, const std::vector<std::string>& signs);

std::string contents_of(const std::filesystem::path& file);

}  // namespace print_tests
