#include "tests/services/server/test_certificates.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace snowfield::tests {

void TestCertificates::Run(const std::string& command) const {
  const std::string quiet = absl::StrCat(command, " >", Path("openssl.log"), " 2>&1");
  ASSERT_EQ(std::system(quiet.c_str()), 0) << quiet << ": is openssl installed (script/install --tests)?";
}

void TestCertificates::MakeAuthority(const std::string& name) {
  Run(absl::StrCat("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=", name,
                   "' -keyout ", Path(name + ".key"), " -out ", Path(name + ".pem")));
}

void TestCertificates::MakeCertificate(const std::string& name, const std::string& authority) {
  std::ofstream(Path("extensions")) << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
  Run(absl::StrCat("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=", name, "' -keyout ",
                   Path("new.key"), " -out ", Path("new.csr")));
  Run(absl::StrCat("openssl x509 -req -in ", Path("new.csr"), " -CA ", Path(authority + ".pem"), " -CAkey ",
                   Path(authority + ".key"), " -CAcreateserial -days 2 -extfile ", Path("extensions"), " -out ",
                   Path("new.pem")));
  ::chmod(Path("new.key").c_str(), 0600);
  std::filesystem::rename(Path("new.key"), Path(name + ".key"));
  std::filesystem::rename(Path("new.pem"), Path(name + ".pem"));
}

}  // namespace snowfield::tests
