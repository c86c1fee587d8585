#include "tests/net/print/support.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

namespace print_tests {

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

pdf_file::pdf_file(std::string_view bytes) {
  auto name = (std::filesystem::temp_directory_path() / "keywork-print-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  std::ofstream(folder_ / "it.pdf", std::ios::binary) << bytes;
}

pdf_file::~pdf_file() {
  std::error_code ignored;  // a folder left behind in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

std::string pdf_file::run(const std::string& program, const std::string& options,
                          const std::string& behind) const {
  const auto out = folder_ / "stdout", err = folder_ / "stderr";
  const auto command = program + " " + options + " '" + (folder_ / "it.pdf").string() + "' " + behind +
                       " >'" + out.string() + "' 2>'" + err.string() + "'";
  const int status = std::system(command.c_str());
  BOOST_TEST(status == 0, command);
  BOOST_TEST(contents_of(err) == "", command);
  return contents_of(out);
}

std::string pdf_file::info(const std::string& name) const {
  std::istringstream lines(run("pdfinfo", "", ""));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ":"))
      return line.substr(std::min(line.size(), line.find_first_not_of(' ', name.size() + 1)));
  return {};
}

std::size_t pdf_file::pages() const { return std::stoul(info("Pages")); }

std::string pdf_file::text() const {
  std::string plain;
  const auto raw = run("pdftotext", "-enc UTF-8", "-");
  for (std::size_t i = 0; i < raw.size(); ++i) {
    // U+202A to U+202E and U+200E, U+200F.
    const auto three = std::string_view(raw).substr(i, 3);
    if (three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE") {
      i += 2;
    } else if (three == "\xE2\x80\x8E" || three == "\xE2\x80\x8F") {
      i += 2;
    } else if (raw[i] != ' ' || (!plain.empty() && plain.back() != ' ')) {
      plain += raw[i];
    }
  }
  return plain;
}

std::vector<std::string> pdf_file::text_of_pages() const {
  std::vector<std::string> pages;
  std::istringstream all(text());
  for (std::string page; std::getline(all, page, '\f');) pages.push_back(page);
  return pages;
}

std::string pdf_file::fonts() const { return run("pdffonts", "", ""); }
std::string pdf_file::pictures() const { return run("pdfimages", "-list", ""); }

std::string pdf_file::drawn(const std::string& kind, int left, int top, int width, int height) const {
  std::ostringstream options;
  options << "-r 72 -singlefile -" << kind << " -x " << left << " -y " << top << " -W " << width << " -H "
          << height;
  const auto stem = folder_ / "drawn";
  run("pdftoppm", options.str(), "'" + stem.string() + "'");
  for (const char* ending : {".png", ".jpg", ".pgm"})
    if (auto file = contents_of(stem.string() + ending); !file.empty()) return file;
  return {};
}

std::string printed(const std::function<void(net::print::pdf_writer&)>& print, net::print::pdf_frame frame) {
  std::string bytes;
  net::print::pdf_writer writer(std::move(frame), [&](std::string_view more) { bytes += more; });
  print(writer);
  writer.finish();
  return bytes;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string random_text(unsigned seed, std::size_t characters, const std::vector<std::string>& signs) {
  std::mt19937 random(seed);
  std::string out;
  while (characters-- > 0) {
    const auto roll = random() % 16;
    char32_t c = roll < 12 ? 0x20 + random() % 0x5F : roll < 14 ? random() % 0x3000 : random() % 0x20000;
    if (roll >= 6 && roll < 12) {
      out += signs[random() % signs.size()];
      continue;
    }
    if (c >= 0xD800 && c <= 0xDFFF) c = 0xFFFD;
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
      out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
              static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    }
  }
  return out;
}

}  // namespace print_tests
