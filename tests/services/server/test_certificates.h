// TestCertificates: real authorities and certificates, made by the openssl program in a folder of its own.
// Thread safety: one thread.
#pragma once

#include <string>

#include "tests/support/test_database.h"

namespace snowfield::tests {

class TestCertificates {
 public:
  // A new authority; its certificate is the file NAME.pem.
  void MakeAuthority(const std::string& name);
  // A certificate for 127.0.0.1 and localhost from this authority: NAME.pem and NAME.key. Made under other names and
  // moved into place, as a renewal does it.
  void MakeCertificate(const std::string& name, const std::string& authority);
  std::string Path(const std::string& file) const { return folder_.path() + "/" + file; }

 private:
  void Run(const std::string& command) const;

  TemporaryFolder folder_;
};

}  // namespace snowfield::tests
