# SPDX-License-Identifier: Apache-2.0
import package_that_nobody_has.part
